//! The list of products that the window shows: all of them by name, or what a search found.
//!
//! In: items as they come and go. Out: [`Change`]s of rows, as few as it takes. Knows nothing of
//! threads and windows.

use std::collections::HashMap;
use std::sync::Arc;

use okno_catalog::proto::okno::v1::Item;

/// One change of the list; they are made in the order in which they come.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Everything is new.
    All(Vec<Arc<Item>>),
    /// A row is new.
    Insert(usize, Arc<Item>),
    /// A row is different.
    Replace(usize, Arc<Item>),
    /// A row is gone.
    Remove(usize),
}

/// See the module.
#[derive(Default)]
pub struct List {
    rows: Vec<Row>,
    /// Keys by id, while all products are shown: where a row stands need not be searched for.
    keys: HashMap<String, Key>,
    /// Whether the rows are what a search found, in its order.
    found: bool,
}

/// The name in lower case, then the id: a total order, so that a row has one place.
type Key = (String, String);

struct Row {
    key: Key,
    item: Arc<Item>,
}

impl Row {
    fn new(item: Arc<Item>) -> Self {
        let key = match &item.product {
            Some(product) => (product.name.to_lowercase(), product.id.clone()),
            None => Default::default(),
        };
        Self { key, item }
    }
}

impl List {
    /// All rows.
    pub fn items(&self) -> Vec<Arc<Item>> {
        self.rows.iter().map(|row| Arc::clone(&row.item)).collect()
    }

    /// Shows these, by name.
    pub fn show_all(&mut self, items: Vec<Arc<Item>>) -> Change {
        self.found = false;
        self.rows = items.into_iter().map(Row::new).collect();
        self.rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        self.keys = self.rows.iter().map(|row| (row.key.1.clone(), row.key.clone())).collect();
        Change::All(self.items())
    }

    /// Shows these, in their order.
    pub fn show_found(&mut self, items: Vec<Item>) -> Change {
        self.found = true;
        self.keys.clear();
        self.rows = items.into_iter().map(|item| Row::new(Arc::new(item))).collect();
        Change::All(self.items())
    }

    /// Takes a new or changed product over.
    pub fn put(&mut self, item: &Arc<Item>) -> Vec<Change> {
        let row = Row::new(Arc::clone(item));
        let old = self.position(&row.key.1);
        match old {
            // An answer to a search may be older than a change that has come before it.
            Some(at) if self.rows[at].item.revision > item.revision => Vec::new(),
            Some(at) if self.found || self.rows[at].key == row.key => {
                self.rows[at] = row;
                vec![Change::Replace(at, Arc::clone(item))]
            }
            Some(at) => {
                self.rows.remove(at);
                vec![Change::Remove(at), self.insert(row)]
            }
            // Whether a search would find it, the search says.
            None if self.found => Vec::new(),
            None => vec![self.insert(row)],
        }
    }

    /// Takes a product away.
    pub fn delete(&mut self, id: &str) -> Option<Change> {
        let at = self.position(id)?;
        self.rows.remove(at);
        self.keys.remove(id);
        Some(Change::Remove(at))
    }

    fn position(&self, id: &str) -> Option<usize> {
        if self.found {
            return self.rows.iter().position(|row| row.key.1 == id);
        }
        let key = self.keys.get(id)?;
        self.rows.binary_search_by(|row| row.key.cmp(key)).ok()
    }

    fn insert(&mut self, row: Row) -> Change {
        let at = self.rows.partition_point(|known| known.key < row.key);
        let item = Arc::clone(&row.item);
        self.keys.insert(row.key.1.clone(), row.key.clone());
        self.rows.insert(at, row);
        Change::Insert(at, item)
    }
}

#[cfg(test)]
mod tests {
    use okno_catalog::proto::ecommerce::Product;

    use super::*;

    fn item(id: &str, name: &str, revision: u64) -> Arc<Item> {
        let product = Product { id: id.to_owned(), name: name.to_owned(), ..Product::default() };
        Arc::new(Item { product: Some(product), revision, ..Item::default() })
    }

    fn names(list: &List) -> Vec<String> {
        let name = |item: &Arc<Item>| item.product.as_ref().map(|p| p.name.clone());
        list.items().iter().filter_map(name).collect()
    }

    #[test]
    fn rows_stand_by_name_and_move_when_renamed() {
        let mut list = List::default();
        list.show_all(vec![item("1", "pear", 1), item("2", "Apple", 2)]);
        assert_eq!(names(&list), ["Apple", "pear"]);
        assert_eq!(list.put(&item("3", "fig", 3)), [Change::Insert(1, item("3", "fig", 3))]);
        let renamed = item("2", "Quince", 4);
        assert_eq!(
            list.put(&renamed),
            [Change::Remove(0), Change::Insert(2, Arc::clone(&renamed))]
        );
        assert_eq!(names(&list), ["fig", "pear", "Quince"]);
        assert_eq!(list.delete("1"), Some(Change::Remove(1)));
        assert_eq!(list.delete("1"), None);
    }

    #[test]
    fn what_was_found_keeps_its_order_and_gets_no_new_rows() {
        let mut list = List::default();
        list.show_found(vec![(*item("1", "pear", 1)).clone(), (*item("2", "apple", 2)).clone()]);
        assert_eq!(list.put(&item("3", "fig", 3)), []);
        let dearer = item("2", "apple pie", 4);
        assert_eq!(list.put(&dearer), [Change::Replace(1, Arc::clone(&dearer))]);
        assert_eq!(list.put(&item("2", "apple", 3)), [], "older than what is shown");
        assert_eq!(names(&list), ["pear", "apple pie"]);
    }
}
