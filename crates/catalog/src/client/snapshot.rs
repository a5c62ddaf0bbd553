//! A copy of the catalogue, kept in step with its changes.
//!
//! In: pages of the list, then changes. Out: products by id and by stream. Revisions decide what
//! is newer, so that a change that the list already contained does no harm. Holds at most
//! [`MAX_SNAPSHOT`] products.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::proto::okno::v1::Item;

/// Most products that a client keeps a copy of, so that its memory is bounded. Of a larger
/// catalogue it has the first ones, and [`Snapshot::is_cut_off`] says so; search finds the others.
pub const MAX_SNAPSHOT: usize = 250_000;

/// A copy of the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    items: HashMap<String, Arc<Item>>,
    /// Ids by the stream that they are pinned to.
    pinned: HashMap<String, BTreeSet<String>>,
    cut_off: bool,
}

impl Snapshot {
    /// Products in the copy.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the copy is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether the catalogue has more products than are kept here.
    #[must_use]
    pub const fn is_cut_off(&self) -> bool {
        self.cut_off
    }

    /// The product with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Item>> {
        self.items.get(id)
    }

    /// All products, in no order.
    pub fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values()
    }

    /// What is pinned to a stream, the oldest product first.
    #[must_use]
    pub fn pinned(&self, stream: &str) -> Vec<Arc<Item>> {
        let ids = self.pinned.get(stream).into_iter().flatten();
        let mut items: Vec<_> = ids.filter_map(|id| self.items.get(id)).cloned().collect();
        items.sort_by(|a, b| (a.created_ms, id_of(a)).cmp(&(b.created_ms, id_of(b))));
        items
    }

    /// Takes an item over unless a newer one is there; says whether it did.
    pub(super) fn put(&mut self, item: Arc<Item>) -> bool {
        let id = id_of(&item).to_owned();
        let old = self.items.get(&id);
        if old.is_some_and(|old| old.revision >= item.revision) {
            return false;
        }
        if old.is_none() && self.items.len() >= MAX_SNAPSHOT {
            self.cut_off = true;
            return false;
        }
        self.unpin_all(&id);
        for stream in &item.streams {
            self.pinned.entry(stream.clone()).or_default().insert(id.clone());
        }
        self.items.insert(id, item);
        true
    }

    /// Takes a product away unless it was changed after `revision`; says whether it did.
    pub(super) fn delete(&mut self, id: &str, revision: u64) -> bool {
        if self.items.get(id).is_none_or(|item| item.revision > revision) {
            return false;
        }
        self.unpin_all(id);
        self.items.remove(id);
        true
    }

    fn unpin_all(&mut self, id: &str) {
        let Some(item) = self.items.get(id) else { return };
        for stream in &item.streams {
            if let Some(ids) = self.pinned.get_mut(stream) {
                ids.remove(id);
                if ids.is_empty() {
                    self.pinned.remove(stream);
                }
            }
        }
    }
}

fn id_of(item: &Item) -> &str {
    item.product.as_ref().map_or("", |product| &product.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::ecommerce::Product;

    fn item(id: &str, revision: u64, streams: &[&str]) -> Arc<Item> {
        Arc::new(Item {
            product: Some(Product { id: id.to_owned(), ..Product::default() }),
            streams: streams.iter().map(|&name| name.to_owned()).collect(),
            revision,
            ..Item::default()
        })
    }

    #[test]
    fn an_older_change_does_no_harm() {
        let mut snapshot = Snapshot::default();
        assert!(snapshot.put(item("a", 5, &["one"])));
        assert!(!snapshot.put(item("a", 4, &["two"])));
        assert!(!snapshot.delete("a", 4));
        assert_eq!(snapshot.pinned("one").len(), 1);
        assert!(snapshot.put(item("a", 6, &["two"])));
        assert!(snapshot.pinned("one").is_empty());
        assert_eq!(snapshot.pinned("two").len(), 1);
        assert!(snapshot.delete("a", 7));
        assert!(snapshot.is_empty() && snapshot.pinned("two").is_empty());
        assert!(!snapshot.delete("a", 8));
    }
}
