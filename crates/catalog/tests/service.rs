//! The services as a client sees them: the original calls, pages, search, change, pins, and what
//! bad input is answered with.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::collections::HashSet;

use okno_catalog::limits::{MAX_BATCH, MAX_DESCRIPTION, MAX_NAME, MAX_PINS_PER_STREAM};
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::{
    Item, ListProductsRequest, NewProduct, Order, SearchProductsRequest, UpdateProductRequest,
};
use support::{Server, database, product};
use tonic::Code;

fn new(name: &str, price: f32, streams: &[&str]) -> NewProduct {
    let streams = streams.iter().map(|&name| name.to_owned()).collect();
    NewProduct { product: Some(product(name, price)), streams }
}

fn names(items: &[Item]) -> Vec<&str> {
    items.iter().filter_map(|item| Some(item.product.as_ref()?.name.as_str())).collect()
}

#[tokio::test]
async fn what_was_added_is_got_and_deleted_once() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let given = Product {
        description: "синяя\nбольшая".to_owned(), ..product("Чашка", 0.1)
    };
    let id = catalog.add(given.clone()).await.unwrap();
    let expected = Product { id: id.clone(), ..given };
    assert_eq!(catalog.get(id.clone()).await.unwrap(), expected);
    assert_eq!(catalog.delete(id.clone()).await.unwrap(), expected);
    for gone in [catalog.get(id.clone()).await, catalog.delete(id.clone()).await] {
        let status = gone.unwrap_err();
        assert_eq!(status.code(), Code::NotFound);
        assert!(status.message().contains(&id), "{}", status.message());
    }
}

#[tokio::test]
async fn the_server_assigns_the_id_and_says_that_it_ignored_one() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let mut raw = okno_catalog::proto::ecommerce::product_info_client::ProductInfoClient::connect(
        server.url(),
    )
    .await
    .unwrap();
    let mine = Product { id: "mine".to_owned(), ..product("a", 1.0) };
    let answer = raw.add_product(mine).await.unwrap();
    assert!(answer.metadata().contains_key("okno-warning"));
    let id = answer.into_inner().value;
    assert_ne!(id, "mine");
    assert_eq!(id.len(), 36);
    assert!(
        !raw.add_product(product("b", 1.0)).await.unwrap().metadata().contains_key("okno-warning")
    );
}

#[tokio::test]
async fn bad_input_is_refused_with_a_reason_and_nothing_is_written() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let long_name = "ж".repeat(MAX_NAME + 1);
    let long = Product { description: "x".repeat(MAX_DESCRIPTION + 1), ..product("a", 1.0) };
    for (bad, reason) in [
        (product("", 1.0), "name is empty"),
        (product("  ", 1.0), "name is empty"),
        (product("a", -0.01), "negative"),
        (product("a", f32::NEG_INFINITY), "negative"),
        (product("a", f32::INFINITY), "infinite"),
        (product("a", f32::NAN), "not a number"),
        (product(&long_name, 1.0), "257 characters, the limit is 256"),
        (product("a\u{1b}[2J", 1.0), "U+001B"),
        (long, "limit is 4096"),
    ] {
        let status = catalog.add(bad).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{status}");
        assert!(status.message().contains(reason), "{status}");
    }
    assert_eq!(catalog.get(String::new()).await.unwrap_err().code(), Code::InvalidArgument);
    // An id of any length must not make an answer that is too long for a header.
    let status = catalog.get("й".repeat(100_000)).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let page = catalog.list(ListProductsRequest::default()).await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, 0));
}

#[tokio::test]
async fn pages_are_in_order_and_complete_while_products_come_and_go() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    // Equal prices, so that the order between equals matters too.
    let all: Vec<_> =
        (0..200_u8).map(|i| new(&format!("n{i:03}"), f32::from(i % 3), &[])).collect();
    let added = catalog.add_all(all, false).await.unwrap();
    for order in [Order::Created, Order::Name, Order::Price, Order::Updated] {
        for descending in [false, true] {
            let mut request = ListProductsRequest {
                page_size: 17,
                order: order.into(),
                descending,
                ..ListProductsRequest::default()
            };
            let mut seen = Vec::new();
            loop {
                let page = catalog.list(request.clone()).await.unwrap();
                assert!(page.items.len() <= 17);
                seen.extend(page.items);
                if page.next_page_token.is_empty() {
                    break;
                }
                request.page_token = page.next_page_token;
            }
            assert_eq!(seen.len(), 200, "{order:?} {descending}");
            let ids: HashSet<_> = seen.iter().map(|i| &i.product.as_ref().unwrap().id).collect();
            assert_eq!(ids.len(), 200);
            let mut sorted = seen.clone();
            sorted.sort_by(|a, b| {
                let (x, y) = (a.product.as_ref().unwrap(), b.product.as_ref().unwrap());
                let by = match order {
                    Order::Price => x.price.total_cmp(&y.price),
                    Order::Name => x.name.cmp(&y.name),
                    _ => std::cmp::Ordering::Equal,
                };
                // All were added in one go: the revision is the order of creation.
                let by = by.then(a.revision.cmp(&b.revision));
                if descending { by.reverse() } else { by }
            });
            assert_eq!(names(&seen), names(&sorted), "{order:?} {descending}");
        }
    }
    // The item that a page ended with goes; the next page goes on behind it all the same.
    let request = ListProductsRequest { page_size: 10, ..ListProductsRequest::default() };
    let page = catalog.list(request.clone()).await.unwrap();
    catalog.delete(added[9].product.as_ref().unwrap().id.clone()).await.unwrap();
    let request = ListProductsRequest { page_token: page.next_page_token, ..request };
    let page = catalog.list(request).await.unwrap();
    assert_eq!(names(&page.items)[0], "n010");
    assert_eq!(page.total, 199);
    for token in ["x", "c+", "n+1:1", "c-1:1", "c+1:x", "\u{0}"] {
        let request =
            ListProductsRequest { page_token: token.to_owned(), ..ListProductsRequest::default() };
        let status = catalog.list(request).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{token:?}");
    }
}

#[tokio::test]
async fn a_page_of_long_texts_stays_a_message_that_clients_accept() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let description = "ж".repeat(MAX_DESCRIPTION);
    for _ in 0..3 {
        let batch = (0..200)
            .map(|_| NewProduct {
                product: Some(Product { description: description.clone(), ..product("a", 1.0) }),
                streams: Vec::new(),
            })
            .collect();
        catalog.add_all(batch, false).await.unwrap();
    }
    let mut request = ListProductsRequest { page_size: 1_000, ..ListProductsRequest::default() };
    let mut seen = 0;
    loop {
        // The client's limit for a message is 4 MiB.
        let page = catalog.list(request.clone()).await.unwrap();
        seen += page.items.len();
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(seen, 600);
}

#[tokio::test]
async fn search_finds_beginnings_of_words_names_first() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let in_text = Product { description: "for a blue cup".to_owned(), ..product("Saucer", 1.0) };
    catalog.add(in_text).await.unwrap();
    catalog.add(product("Blue cup", 1.0)).await.unwrap();
    catalog.add(product("Café CUPBOARD, blue", 1.0)).await.unwrap();
    catalog.add(product("Чашка синяя", 1.0)).await.unwrap();
    let find = async |query: &str, page_size| {
        let mut request =
            SearchProductsRequest { query: query.to_owned(), page_size, page_token: String::new() };
        let mut found = Vec::new();
        loop {
            let page = catalog.search(request.clone()).await?;
            found.extend(page.items);
            if page.next_page_token.is_empty() {
                return Ok::<_, tonic::Status>(
                    names(&found).iter().map(|&name| name.to_owned()).collect::<Vec<_>>(),
                );
            }
            request.page_token = page.next_page_token;
        }
    };
    let all = ["Café CUPBOARD, blue", "Blue cup", "Saucer"];
    for page_size in [1, 2, 100] {
        assert_eq!(find("blu CUP", page_size).await.unwrap(), all);
    }
    assert_eq!(find("cafe", 0).await.unwrap(), ["Café CUPBOARD, blue"]);
    assert_eq!(find("ЧАШ син", 0).await.unwrap(), ["Чашка синяя"]);
    assert!(find("up", 0).await.unwrap().is_empty());
    let many = ('a'..='q').map(String::from).collect::<Vec<_>>().join(" ");
    // What means something in other search engines is only text here.
    for odd in ["cup OR saucer", "cup\"", "name : cup NEAR", "cup)", "cup*", "^cup", "a-b", "\0cup"]
    {
        find(odd, 0).await.unwrap();
    }
    for bad in ["", "  ", "***", &"x".repeat(600), &many] {
        assert_eq!(find(bad, 0).await.unwrap_err().code(), Code::InvalidArgument, "{bad:?}");
    }
    catalog.delete(first_id(&catalog, "Blue cup").await).await.unwrap();
    assert_eq!(find("blue", 0).await.unwrap(), ["Café CUPBOARD, blue", "Saucer"]);
}

async fn first_id(catalog: &okno_catalog::client::Connection, name: &str) -> String {
    let page = catalog.list(ListProductsRequest::default()).await.unwrap();
    let found = page.items.into_iter().filter_map(|item| item.product).find(|p| p.name == name);
    found.unwrap().id
}

#[tokio::test]
async fn an_update_changes_what_is_given_and_only_what_nobody_else_changed() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let id = catalog.add(product("Cup", 1.0)).await.unwrap();
    let update = UpdateProductRequest { id: id.clone(), price: Some(2.5), ..Default::default() };
    let item = catalog.update(update).await.unwrap();
    assert_eq!(item.product, Some(Product { id: id.clone(), ..product("Cup", 2.5) }));
    let late = UpdateProductRequest {
        id: id.clone(),
        name: Some("Mug".to_owned()),
        if_revision: Some(item.revision - 1),
        ..Default::default()
    };
    let status = catalog.update(late.clone()).await.unwrap_err();
    assert_eq!(status.code(), Code::Aborted);
    let right = UpdateProductRequest { if_revision: Some(item.revision), ..late };
    let item = catalog.update(right).await.unwrap();
    assert_eq!(item.product.unwrap().name, "Mug");
    let empty = UpdateProductRequest { id, name: Some(String::new()), ..Default::default() };
    assert_eq!(catalog.update(empty).await.unwrap_err().code(), Code::InvalidArgument);
    // The words of the old name are gone from the index, those of the new one are in it.
    let find = async |query: &str| {
        let query = query.to_owned();
        let request = SearchProductsRequest { query, ..Default::default() };
        catalog.search(request).await.unwrap().items.len()
    };
    assert_eq!((find("cup").await, find("mug").await), (0, 1));
}

#[tokio::test]
async fn a_deleted_product_comes_back_with_its_id_and_its_streams() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let id = catalog.add(product("Cup", 0.1)).await.unwrap();
    catalog.pin(id.clone(), "camera 1".to_owned()).await.unwrap();
    catalog.delete(id.clone()).await.unwrap();
    let item = catalog.restore(id.clone()).await.unwrap();
    assert_eq!(item.streams, ["camera 1"]);
    assert_eq!(item.product, Some(Product { id: id.clone(), ..product("Cup", 0.1) }));
    assert_eq!(catalog.get(id.clone()).await.unwrap().name, "Cup");
    assert_eq!(catalog.restore(id.clone()).await.unwrap_err().code(), Code::AlreadyExists);
    assert_eq!(catalog.restore("x".to_owned()).await.unwrap_err().code(), Code::NotFound);
}

#[tokio::test]
async fn products_are_pinned_to_streams_up_to_a_limit() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let id = catalog.add(product("Cup", 1.0)).await.unwrap();
    let (a, b) = ("b side".to_owned(), "a side".to_owned());
    let once = catalog.pin(id.clone(), a.clone()).await.unwrap();
    let again = catalog.pin(id.clone(), a.clone()).await.unwrap();
    assert_eq!(once, again);
    let both = catalog.pin(id.clone(), b.clone()).await.unwrap();
    assert_eq!(both.streams, [a.clone(), b.clone()]);
    let of_b = ListProductsRequest { stream: b.clone(), ..Default::default() };
    assert_eq!(catalog.list(of_b.clone()).await.unwrap().items, [both]);
    catalog.unpin(id.clone(), b.clone()).await.unwrap();
    assert!(catalog.list(of_b).await.unwrap().items.is_empty());
    let status = catalog.unpin(id.clone(), b).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let status = catalog.pin(id.clone(), String::new()).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    let status = catalog.pin("nobody".to_owned(), a.clone()).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let more = (1..MAX_PINS_PER_STREAM).map(|_| new("x", 1.0, &["b side"])).collect();
    catalog.add_all(more, false).await.unwrap();
    let late = catalog.add(product("late", 1.0)).await.unwrap();
    let status = catalog.pin(late, a.clone()).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted);
    // Deleting a product takes its pins with it.
    catalog.delete(id).await.unwrap();
    let of_a = ListProductsRequest { stream: a, ..Default::default() };
    let left = catalog.list(of_a).await.unwrap().items.len();
    assert_eq!(left, MAX_PINS_PER_STREAM as usize - 1);
}

#[tokio::test]
async fn several_are_added_all_or_none() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let catalog = server.connect().await;
    let total = async || catalog.list(ListProductsRequest::default()).await.unwrap().total;
    let status =
        catalog.add_all(vec![new("a", 1.0, &[]), new("b", -1.0, &[])], false).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().starts_with("product 2: the price is negative"), "{status}");
    let many = vec![new("a", 1.0, &[]); MAX_BATCH + 1];
    assert_eq!(catalog.add_all(many, false).await.unwrap_err().code(), Code::InvalidArgument);
    assert_eq!(catalog.add_all(Vec::new(), false).await.unwrap_err().code(), Code::InvalidArgument);
    let full = vec![new("a", 1.0, &["s"]); MAX_PINS_PER_STREAM as usize + 1];
    assert_eq!(catalog.add_all(full, false).await.unwrap_err().code(), Code::ResourceExhausted);
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let kept = NewProduct {
        product: Some(Product { id: id.to_owned(), ..product("a", 1.0) }),
        streams: vec!["s".to_owned()],
    };
    let twice = vec![kept.clone(), kept.clone()];
    assert_eq!(catalog.add_all(twice, true).await.unwrap_err().code(), Code::AlreadyExists);
    assert_eq!(total().await, 0);
    let items = catalog.add_all(vec![kept.clone()], true).await.unwrap();
    assert_eq!(items[0].product.as_ref().unwrap().id, id);
    assert_eq!(catalog.add_all(vec![kept], true).await.unwrap_err().code(), Code::AlreadyExists);
    let status = catalog.add_all(vec![new("a", 1.0, &[])], true).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(total().await, 1);
}
