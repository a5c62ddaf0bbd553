//! Rows to items and back.
//!
//! In: a row of the `product` table. Out: an [`Item`], the message that clients see.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::price;
use crate::proto::ecommerce::Product;
use crate::proto::okno::v1::Item;

/// The columns that [`item`] reads, in its order.
pub(super) const COLUMNS: &str =
    "p.seq, p.id, p.name, p.description, p.price, p.revision, p.created_ms, p.updated_ms";

/// A product and its row number; the streams are filled in by [`with_streams`].
pub(super) fn item(row: &Row<'_>) -> rusqlite::Result<(i64, Item)> {
    let product = Product {
        id: row.get(1)?,
        name: row.get(2)?,
        description: row.get(3)?,
        price: price::from_stored(row.get(4)?),
    };
    let item = Item {
        product: Some(product),
        streams: Vec::new(),
        revision: row.get(5)?,
        created_ms: row.get(6)?,
        updated_ms: row.get(7)?,
    };
    Ok((row.get(0)?, item))
}

/// The product with this id, without its streams.
pub(super) fn find(conn: &Connection, id: &str) -> rusqlite::Result<Option<(i64, Item)>> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM product p WHERE p.id = ?1"))?
        .query_row([id], item)
        .optional()
}

/// The product with this id as the original service knows it.
pub(super) fn find_product(conn: &Connection, id: &str) -> rusqlite::Result<Option<Product>> {
    conn.prepare_cached("SELECT id, name, description, price FROM product WHERE id = ?1")?
        .query_row([id], |row| {
            Ok(Product {
                id: row.get(0)?,
                name: row.get(1)?,
                description: row.get(2)?,
                price: price::from_stored(row.get(3)?),
            })
        })
        .optional()
}

/// Names of the streams that a product is pinned to, in the order of pinning.
pub(super) fn streams(conn: &Connection, seq: i64) -> rusqlite::Result<Vec<String>> {
    conn.prepare_cached("SELECT stream FROM pin WHERE seq = ?1 ORDER BY at, stream")?
        .query_map(params![seq], |row| row.get(0))?
        .collect()
}

/// The item with its streams.
pub(super) fn with_streams(
    conn: &Connection,
    (seq, mut item): (i64, Item),
) -> rusqlite::Result<Item> {
    item.streams = streams(conn, seq)?;
    Ok(item)
}
