//! What a command prints: lines for people, or JSON for scripts.
//!
//! In: products, items and changes. Out: text. A product's own text is printed without control
//! characters, so that it can't drive a terminal.

use okno_catalog::price;
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::change::What;
use okno_catalog::proto::okno::v1::{Change, Item};
use serde_json::{Value, json};

/// A product in JSON. `price` is a number, `price_text` what people are shown.
pub fn product_json(product: &Product) -> Value {
    json!({
        "id": product.id,
        "name": product.name,
        "description": product.description,
        // The decimal, not the float's exact value: 0.1 and not 0.10000000149011612.
        "price": price::to_stored(product.price),
        "price_text": price::show(product.price),
    })
}

/// An item in JSON: the product's fields and what the catalogue adds.
pub fn item_json(item: &Item) -> Value {
    let mut value = item.product.as_ref().map_or_else(|| json!({}), product_json);
    value["streams"] = json!(item.streams);
    value["revision"] = json!(item.revision);
    value["created_ms"] = json!(item.created_ms);
    value["updated_ms"] = json!(item.updated_ms);
    value
}

/// A change in JSON.
pub fn change_json(change: &Change) -> Value {
    let mut value = match &change.what {
        Some(What::Watching(_)) => json!({"change": "watching"}),
        Some(What::Put(item)) => json!({"change": "put", "item": item_json(item)}),
        Some(What::Deleted(id)) => json!({"change": "deleted", "id": id}),
        Some(What::Lagged(lagged)) => json!({"change": "lagged", "missed": lagged.missed}),
        None => json!({"change": "unknown"}),
    };
    value["revision"] = json!(change.revision);
    value
}

/// A product on one line: id, price, name, description.
pub fn product_line(product: &Product) -> String {
    let price = price::show(product.price);
    let mut line = format!("{}  {price:>10}  {}", product.id, one_line(&product.name));
    if !product.description.is_empty() {
        line = format!("{line}  ({})", one_line(&product.description));
    }
    line
}

/// An item on one line.
pub fn item_line(item: &Item) -> String {
    let mut line = item.product.as_ref().map_or_else(String::new, product_line);
    if !item.streams.is_empty() {
        line = format!("{line}  [{}]", one_line(&item.streams.join(", ")));
    }
    line
}

/// A change on one line.
pub fn change_line(change: &Change) -> String {
    match &change.what {
        Some(What::Watching(_)) => format!("watching from revision {}", change.revision),
        Some(What::Put(item)) => format!("put      {}", item_line(item)),
        Some(What::Deleted(id)) => format!("deleted  {}", one_line(id)),
        Some(What::Lagged(lagged)) => format!("lagged   {} changes were missed", lagged.missed),
        None => format!("a change of a kind that this program doesn't know, {}", change.revision),
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
