//! The changes that a catalogue knows, applied inside the writer's transaction.
//!
//! In: an [`Edit`] and a connection in a transaction. Out: the items that it touched, and the
//! changes that watchers are to hear of once the transaction is committed. Every rule is checked
//! before the first write, so that a refused edit leaves nothing behind in a transaction that it
//! shares with others.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, params};

use super::fault::Fault;
use super::index::Reworded;
use super::row;
use crate::check::{self, Bad};
use crate::limits::{MAX_BATCH, MAX_DELETED, MAX_PINS_PER_STREAM, MAX_STREAMS_PER_PRODUCT};
use crate::price;
use crate::proto::ecommerce::Product;
use crate::proto::okno::v1::change::What;
use crate::proto::okno::v1::{Change, Item, NewProduct, UpdateProductRequest};

/// A change to the catalogue.
#[derive(Clone, Debug)]
pub enum Edit {
    /// One product; the answer is the item with the id that was assigned.
    Add(Product),
    /// Several, all or none.
    AddAll {
        /// What to add.
        products: Vec<NewProduct>,
        /// Whether the given ids are taken over.
        keep_ids: bool,
    },
    /// Some fields of a product.
    Update(UpdateProductRequest),
    /// The product with this id; the answer is what was deleted.
    Delete(String),
    /// Takes back a deletion.
    Restore(String),
    /// Pins a product to a stream.
    Pin {
        /// The product.
        id: String,
        /// The stream's name.
        stream: String,
    },
    /// Takes it away from the stream.
    Unpin {
        /// The product.
        id: String,
        /// The stream's name.
        stream: String,
    },
}

/// What the catalogue has come to: kept by the writer, so that no edit has to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    /// Changes since the catalogue was made.
    pub revision: u64,
    /// The row number of the next product.
    pub next_seq: i64,
    /// Products.
    pub total: u64,
}

impl Tally {
    /// Counts what is in the database.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        conn.query_row(
            "SELECT
                 max((SELECT coalesce(max(revision), 0) FROM product),
                     (SELECT coalesce(max(revision), 0) FROM deleted)),
                 max((SELECT coalesce(max(seq), 0) FROM product),
                     (SELECT coalesce(max(seq), 0) FROM deleted)) + 1,
                 (SELECT count(*) FROM product)",
            [],
            |row| Ok(Self { revision: row.get(0)?, next_seq: row.get(1)?, total: row.get(2)? }),
        )
    }
}

/// Why an edit was not applied.
pub(super) enum Stop {
    /// It breaks a rule: nothing of it was written, the transaction can go on.
    Refused(Fault),
    /// The database failed: the transaction has to be rolled back.
    Database(rusqlite::Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Refused(fault)
    }
}

impl From<Bad> for Stop {
    fn from(bad: Bad) -> Self {
        Self::Refused(bad.into())
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// One transaction's view: the connection, the running tally, and the changes so far.
pub(super) struct Editor<'a> {
    /// In a transaction.
    pub conn: &'a Connection,
    /// Counts on as edits are applied.
    pub tally: Tally,
    /// What watchers are to hear.
    pub changes: Vec<Change>,
    /// What the index of words has to follow.
    pub reworded: Vec<Reworded>,
}

impl Editor<'_> {
    /// Applies one edit and says which items it touched, as they are now; for a deletion, as it
    /// was.
    pub fn apply(&mut self, edit: &Edit) -> Result<Vec<Item>, Stop> {
        match edit {
            Edit::Add(product) => {
                let price = check::product(product)?;
                let item = self.insert(product, new_id(), price, &[])?;
                Ok(vec![item])
            }
            Edit::AddAll { products, keep_ids } => self.add_all(products, *keep_ids),
            Edit::Update(request) => self.update(request).map(|item| vec![item]),
            Edit::Delete(id) => self.delete(id).map(|item| vec![item]),
            Edit::Restore(id) => self.restore(id).map(|item| vec![item]),
            Edit::Pin { id, stream } => self.pin(id, stream).map(|item| vec![item]),
            Edit::Unpin { id, stream } => self.unpin(id, stream).map(|item| vec![item]),
        }
    }

    fn add_all(&mut self, products: &[NewProduct], keep_ids: bool) -> Result<Vec<Item>, Stop> {
        if products.len() > MAX_BATCH {
            let found = products.len();
            let text = format!("{found} products in one call, the limit is {MAX_BATCH}: send less");
            return Err(Fault::Request(text).into());
        }
        let mut ids = HashSet::new();
        let mut checked = Vec::with_capacity(products.len());
        for (index, new) in products.iter().enumerate() {
            let product = new.product.as_ref().ok_or(Bad::EmptyName)?;
            let price = check::product(product).map_err(|bad| numbered(index, &bad))?;
            check_streams(&new.streams).map_err(|bad| numbered(index, &bad))?;
            let id = if keep_ids {
                check::kept_id(&product.id).map_err(|bad| numbered(index, &bad))?;
                if !ids.insert(&product.id) || self.is_taken(&product.id)? {
                    return Err(Fault::IdTaken(check::excerpt(&product.id)).into());
                }
                product.id.clone()
            } else {
                new_id()
            };
            checked.push((product, id, price, &new.streams));
        }
        self.check_room(checked.iter().flat_map(|(_, _, _, streams)| streams.iter()))?;
        checked
            .into_iter()
            .map(|(product, id, price, streams)| self.insert(product, id, price, streams))
            .collect()
    }

    fn update(&mut self, request: &UpdateProductRequest) -> Result<Item, Stop> {
        let (seq, mut item) = self.find(&request.id)?;
        if let Some(wanted) = request.if_revision.filter(|&wanted| wanted != item.revision) {
            let found = item.revision;
            return Err(Fault::Changed { id: check::excerpt(&request.id), found, wanted }.into());
        }
        let product = item.product.get_or_insert_default();
        let old = worded(product);
        if let Some(name) = &request.name {
            product.name.clone_from(name);
        }
        if let Some(description) = &request.description {
            product.description.clone_from(description);
        }
        if let Some(price) = request.price {
            product.price = price;
        }
        product.price = check::product(product)?;
        item.updated_ms = now_ms();
        item.revision = self.next_revision();
        self.conn
            .prepare_cached(
                "UPDATE product SET name = ?2, name_key = ?3, description = ?4, price = ?5,
                     updated_ms = ?6, revision = ?7
                 WHERE seq = ?1",
            )?
            .execute(params![
                seq,
                product.name,
                product.name.to_lowercase(),
                product.description,
                price::to_stored(product.price),
                item.updated_ms,
                item.revision,
            ])?;
        if let Some(product) = &item.product {
            self.reworded.push(Reworded { seq, old, new: worded(product) });
        }
        self.put((seq, item))
    }

    fn delete(&mut self, id: &str) -> Result<Item, Stop> {
        let (seq, item) = self.find(id)?;
        let item = row::with_streams(self.conn, (seq, item))?;
        let product = item.product.clone().unwrap_or_default();
        let revision = self.next_revision();
        self.conn
            .prepare_cached("INSERT INTO deleted VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
            .execute(params![
                product.id,
                seq,
                product.name,
                product.description,
                price::to_stored(product.price),
                item.created_ms,
                revision,
                // A stream's name is a single line: check::stream.
                item.streams.join("\n"),
            ])?;
        self.conn.prepare_cached("DELETE FROM product WHERE seq = ?1")?.execute([seq])?;
        self.conn
            .prepare_cached(
                "DELETE FROM deleted WHERE revision <=
                     (SELECT revision FROM deleted ORDER BY revision DESC LIMIT 1 OFFSET ?1)",
            )?
            .execute([MAX_DELETED])?;
        self.tally.total = self.tally.total.saturating_sub(1);
        self.reworded.push(Reworded { seq, old: worded(&product), new: None });
        self.changes.push(Change { revision, what: Some(What::Deleted(product.id)) });
        Ok(item)
    }

    fn restore(&mut self, id: &str) -> Result<Item, Stop> {
        let row = self
            .conn
            .prepare_cached(
                "SELECT seq, name, description, price, created_ms, streams FROM deleted
                 WHERE id = ?1",
            )?
            .query_row([id], |row| {
                let product = Product {
                    id: id.to_owned(),
                    name: row.get(1)?,
                    description: row.get(2)?,
                    price: price::from_stored(row.get(3)?),
                };
                Ok((row.get::<_, i64>(0)?, product, row.get::<_, i64>(4)?, row.get(5)?))
            })
            .optional()?;
        let (seq, product, created_ms, streams): (_, _, _, String) = match row {
            Some(row) => row,
            None if self.is_taken(id)? => return Err(Fault::IdTaken(check::excerpt(id)).into()),
            None => return Err(Fault::NotDeleted(check::excerpt(id)).into()),
        };
        // A stream may have been given other products meanwhile: those stay.
        let mut room = Vec::new();
        for stream in streams.lines() {
            if self.pins_of(stream)? < MAX_PINS_PER_STREAM {
                room.push(stream.to_owned());
            }
        }
        self.conn.prepare_cached("DELETE FROM deleted WHERE id = ?1")?.execute([id])?;
        self.insert_row(seq, &product, created_ms, &room)
    }

    fn pin(&mut self, id: &str, stream: &str) -> Result<Item, Stop> {
        check::stream(stream)?;
        let (seq, mut item) = self.find(id)?;
        let streams = row::streams(self.conn, seq)?;
        if streams.iter().any(|name| name == stream) {
            item.streams = streams;
            return Ok(item);
        }
        if streams.len() >= MAX_STREAMS_PER_PRODUCT {
            let text = format!(
                "the product {id:?} is pinned to {MAX_STREAMS_PER_PRODUCT} streams, which is the \
                 limit: unpin it from one of them first"
            );
            return Err(Fault::TooMany(text).into());
        }
        self.check_room(std::iter::once(&stream.to_owned()))?;
        item.revision = self.touch(seq)?;
        self.insert_pin(stream, seq, item.revision)?;
        self.put((seq, item))
    }

    fn unpin(&mut self, id: &str, stream: &str) -> Result<Item, Stop> {
        check::stream(stream)?;
        let (seq, mut item) = self.find(id)?;
        let gone = self
            .conn
            .prepare_cached("DELETE FROM pin WHERE stream = ?1 AND seq = ?2")?
            .execute(params![stream, seq])?;
        if gone == 0 {
            let (id, stream) = (check::excerpt(id), check::excerpt(stream));
            return Err(Fault::NotPinned { id, stream }.into());
        }
        item.revision = self.touch(seq)?;
        self.put((seq, item))
    }

    fn find(&self, id: &str) -> Result<(i64, Item), Stop> {
        if id.is_empty() {
            return Err(Bad::EmptyId.into());
        }
        row::find(self.conn, id)?.ok_or_else(|| Fault::not_found(id).into())
    }

    fn is_taken(&self, id: &str) -> rusqlite::Result<bool> {
        self.conn.prepare_cached("SELECT 1 FROM product WHERE id = ?1")?.exists([id])
    }

    fn pins_of(&self, stream: &str) -> rusqlite::Result<u32> {
        self.conn
            .prepare_cached("SELECT count(*) FROM pin WHERE stream = ?1")?
            .query_row([stream], |row| row.get(0))
    }

    /// Whether each stream can take as many more products as it is named.
    fn check_room<'s>(&self, streams: impl Iterator<Item = &'s String>) -> Result<(), Stop> {
        let mut wanted = std::collections::HashMap::<&str, u32>::new();
        for stream in streams {
            *wanted.entry(stream).or_default() += 1;
        }
        for (stream, more) in wanted {
            if self.pins_of(stream)?.saturating_add(more) > MAX_PINS_PER_STREAM {
                let text = format!(
                    "the stream {stream:?} has {MAX_PINS_PER_STREAM} products, which is the \
                     limit: unpin one of them first"
                );
                return Err(Fault::TooMany(text).into());
            }
        }
        Ok(())
    }

    fn insert(
        &mut self,
        product: &Product,
        id: String,
        price: f32,
        streams: &[String],
    ) -> Result<Item, Stop> {
        let seq = self.tally.next_seq;
        let product = Product { id, price, ..product.clone() };
        let item = self.insert_row(seq, &product, now_ms(), streams)?;
        self.tally.next_seq += 1;
        Ok(item)
    }

    fn insert_row(
        &mut self,
        seq: i64,
        product: &Product,
        created_ms: i64,
        streams: &[String],
    ) -> Result<Item, Stop> {
        let revision = self.next_revision();
        let updated_ms = now_ms();
        self.conn
            .prepare_cached("INSERT INTO product VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
            .execute(params![
                seq,
                product.id,
                product.name,
                product.name.to_lowercase(),
                product.description,
                price::to_stored(product.price),
                created_ms,
                updated_ms,
                revision,
            ])?;
        for stream in streams {
            self.insert_pin(stream, seq, revision)?;
        }
        self.tally.total += 1;
        self.reworded.push(Reworded { seq, old: None, new: worded(product) });
        let item = Item {
            product: Some(product.clone()),
            streams: streams.to_vec(),
            revision,
            created_ms,
            updated_ms,
        };
        self.changes.push(Change { revision, what: Some(What::Put(item.clone())) });
        Ok(item)
    }

    fn insert_pin(&self, stream: &str, seq: i64, revision: u64) -> rusqlite::Result<usize> {
        self.conn
            .prepare_cached("INSERT INTO pin (stream, seq, at) VALUES (?1, ?2, ?3)")?
            .execute(params![stream, seq, revision])
    }

    /// Gives a product a new revision without changing what it says.
    fn touch(&mut self, seq: i64) -> rusqlite::Result<u64> {
        let revision = self.next_revision();
        self.conn
            .prepare_cached("UPDATE product SET revision = ?2 WHERE seq = ?1")?
            .execute(params![seq, revision])?;
        Ok(revision)
    }

    fn put(&mut self, found: (i64, Item)) -> Result<Item, Stop> {
        let item = row::with_streams(self.conn, found)?;
        let revision = item.revision;
        self.changes.push(Change { revision, what: Some(What::Put(item.clone())) });
        Ok(item)
    }

    const fn next_revision(&mut self) -> u64 {
        self.tally.revision += 1;
        self.tally.revision
    }
}

fn check_streams(streams: &[String]) -> Result<(), Bad> {
    if streams.len() > MAX_STREAMS_PER_PRODUCT {
        let found = streams.len();
        return Err(Bad::Streams(format!(
            "the product is pinned to {found} streams, the limit is {MAX_STREAMS_PER_PRODUCT}"
        )));
    }
    let mut seen = HashSet::new();
    for stream in streams {
        check::stream(stream)?;
        if !seen.insert(stream) {
            return Err(Bad::Streams(format!("the stream {stream:?} is named twice")));
        }
    }
    Ok(())
}

/// What the index of words looks at.
fn worded(product: &Product) -> Option<(String, String)> {
    Some((product.name.clone(), product.description.clone()))
}

/// Says which product of several is meant, counted from 1.
fn numbered(index: usize, bad: &Bad) -> Fault {
    Fault::Request(format!("product {}: {bad}; none of them was added", index + 1))
}

fn new_id() -> String {
    uuid::Uuid::new_v4().hyphenated().to_string()
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
