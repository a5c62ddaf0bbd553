//! Reading: one product, a page of the list, a page of a search.
//!
//! In: a request and a connection. Out: products or a page. A page token holds the sort key of
//! the last item rather than an offset, so that a page costs the same wherever it lies and nothing
//! is skipped or shown twice when products come and go in between. Never reads more than a page.

use std::sync::{PoisonError, RwLock};

use prost::Message;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::fault::Fault;
use super::index::{self, Index, Part};
use super::row::{self, COLUMNS};
use crate::check::Bad;
use crate::limits::{DEFAULT_PAGE, MAX_PAGE, MAX_PAGE_BYTES, MAX_QUERY, MAX_QUERY_WORDS};
use crate::proto::ecommerce::Product;
use crate::proto::okno::v1::{
    Item, ListProductsRequest, ListProductsResponse, Order, SearchProductsRequest,
};

/// Why nothing was read.
pub(super) enum Stop {
    /// The request is wrong, or what it asks for isn't there.
    Refused(Fault),
    /// The database failed.
    Database(rusqlite::Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// The product with this id.
pub(super) fn get(conn: &Connection, id: &str) -> Result<Product, Stop> {
    if id.is_empty() {
        return Err(Fault::Bad(Bad::EmptyId).into());
    }
    row::find_product(conn, id)?.ok_or_else(|| Fault::not_found(id).into())
}

/// One page of the list.
pub(super) fn list(
    conn: &Connection,
    request: &ListProductsRequest,
) -> Result<ListProductsResponse, Stop> {
    let order = Order::try_from(request.order)
        .map_err(|_| Fault::Request(format!("there is no order number {}", request.order)))?;
    let sort = Sort::of(order, request.descending);
    let after = match request.page_token.as_str() {
        "" => None,
        token => Some(sort.read_token(token).ok_or_else(bad_token)?),
    };
    let (sql, values) = sort.sql(&request.stream, after);
    let mut page = Page::new(request.page_size);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(
        values.into_iter().chain([Value::Integer(i64::from(page.limit) + 1)]),
    ))?;
    while let Some(row) = rows.next()? {
        if page.is_full() {
            page.more = true;
            break;
        }
        let (seq, item) = row::item(row)?;
        page.token = sort.token(row, seq)?;
        page.push(row::with_streams(conn, (seq, item))?);
    }
    Ok(page.finish())
}

/// One page of a search.
pub(super) fn search(
    conn: &Connection,
    index: &RwLock<Index>,
    request: &SearchProductsRequest,
) -> Result<ListProductsResponse, Stop> {
    let words = query_words(&request.query)?;
    let after = match request.page_token.as_str() {
        "" => None,
        token => Some(read_search_token(token).ok_or_else(bad_token)?),
    };
    let mut page = Page::new(request.page_size);
    let found = {
        // Held for the search alone and not while rows are read: the writer may be waiting.
        let index = index.read().unwrap_or_else(PoisonError::into_inner);
        index.find(&words, after, page.limit as usize + 1)
    };
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM product p WHERE p.seq = ?1"))?;
    for (part, seq) in found {
        if page.is_full() {
            page.more = true;
            break;
        }
        page.token = search_token(part, seq);
        // It may have been deleted a moment ago.
        if let Some(found) = statement.query_row([seq], row::item).optional()? {
            page.push(row::with_streams(conn, found)?);
        }
    }
    Ok(page.finish())
}

fn bad_token() -> Stop {
    let text = "the page token is not one that this list gave: leave it away to start again";
    Fault::Request(text.to_owned()).into()
}

/// The words that a search text asks for.
fn query_words(query: &str) -> Result<Vec<String>, Fault> {
    if query.len() > MAX_QUERY {
        let (field, unit) = ("search text", "bytes");
        return Err(Bad::TooLong { field, found: query.len(), unit, limit: MAX_QUERY }.into());
    }
    let words = index::words(query);
    match words.len() {
        0 => Err(Fault::Request(
            "the search text has no letter or digit: give the beginning of a word, or list all"
                .to_owned(),
        )),
        n if n > MAX_QUERY_WORDS => Err(Fault::Request(format!(
            "the search text has {n} words, the limit is {MAX_QUERY_WORDS}: leave some away"
        ))),
        _ => Ok(words),
    }
}

fn search_token(part: Part, seq: i64) -> String {
    match part {
        Part::Name => format!("a{seq}"),
        Part::Text => format!("b{seq}"),
    }
}

fn read_search_token(token: &str) -> Option<(Part, i64)> {
    let seq = token.get(1..)?.parse().ok()?;
    match token.get(..1)? {
        "a" => Some((Part::Name, seq)),
        "b" => Some((Part::Text, seq)),
        _ => None,
    }
}

/// A page as it fills.
struct Page {
    limit: u32,
    bytes: usize,
    items: Vec<Item>,
    token: String,
    more: bool,
}

impl Page {
    fn new(size: u32) -> Self {
        let limit = if size == 0 { DEFAULT_PAGE } else { size.min(MAX_PAGE) };
        Self { limit, bytes: 0, items: Vec::new(), token: String::new(), more: false }
    }

    fn is_full(&self) -> bool {
        self.items.len() >= self.limit as usize || self.bytes >= MAX_PAGE_BYTES
    }

    fn push(&mut self, item: Item) {
        self.bytes += item.encoded_len();
        self.items.push(item);
    }

    fn finish(self) -> ListProductsResponse {
        ListProductsResponse {
            items: self.items,
            next_page_token: if self.more { self.token } else { String::new() },
            total: 0,
            revision: 0,
        }
    }
}

/// A column to sort by, and the direction.
#[derive(Clone, Copy)]
struct Sort {
    letter: char,
    column: &'static str,
    /// Whether the column alone is unique; else the row number decides between equals.
    unique: bool,
    descending: bool,
}

impl Sort {
    const fn of(order: Order, descending: bool) -> Self {
        let (letter, column, unique) = match order {
            Order::Unspecified | Order::Created => ('c', "p.seq", true),
            Order::Name => ('n', "p.name_key", false),
            Order::Price => ('p', "p.price", false),
            Order::Updated => ('u', "p.revision", true),
        };
        Self { letter, column, unique, descending }
    }

    /// The statement and all its values but the last, which is the limit.
    fn sql(self, stream: &str, after: Option<(Value, i64)>) -> (String, Vec<Value>) {
        let Self { column, unique, descending, .. } = self;
        let mut values = Vec::new();
        let mut conditions = Vec::new();
        let mut tables = "product p";
        if !stream.is_empty() {
            // CROSS JOIN keeps SQLite from walking all products for the few of a stream.
            tables = "pin CROSS JOIN product p ON p.seq = pin.seq";
            conditions.push("pin.stream = ?");
            values.push(Value::Text(stream.to_owned()));
        }
        let comparison = if descending { "<" } else { ">" };
        let condition = if unique {
            format!("{column} {comparison} ?")
        } else {
            format!("({column}, p.seq) {comparison} (?, ?)")
        };
        if let Some((key, seq)) = after {
            conditions.push(&condition);
            values.push(key);
            if !unique {
                values.push(Value::Integer(seq));
            }
        }
        let filter = match conditions.len() {
            0 => String::new(),
            _ => format!("WHERE {}", conditions.join(" AND ")),
        };
        let direction = if descending { "DESC" } else { "ASC" };
        let by = if unique {
            format!("{column} {direction}")
        } else {
            format!("{column} {direction}, p.seq {direction}")
        };
        // The sort key goes last, for the token.
        let sql =
            format!("SELECT {COLUMNS}, {column} FROM {tables} {filter} ORDER BY {by} LIMIT ?");
        (sql, values)
    }

    fn direction(self) -> char {
        if self.descending { '-' } else { '+' }
    }

    fn token(self, row: &Row<'_>, seq: i64) -> rusqlite::Result<String> {
        let key = match row.get::<_, Value>(8)? {
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
            Value::Text(text) => text,
            Value::Null | Value::Blob(_) => String::new(),
        };
        Ok(format!("{}{}{seq}:{key}", self.letter, self.direction()))
    }

    fn read_token(self, token: &str) -> Option<(Value, i64)> {
        let rest = token.strip_prefix(self.letter)?.strip_prefix(self.direction())?;
        let (seq, key) = rest.split_once(':')?;
        let key = match self.letter {
            'n' => Value::Text(key.to_owned()),
            'p' => Value::Real(key.parse().ok()?),
            _ => Value::Integer(key.parse().ok()?),
        };
        Some((key, seq.parse().ok()?))
    }
}
