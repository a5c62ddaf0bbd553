//! The index of words that search uses.
//!
//! In: products as they are added, changed and deleted. Out: the rows that contain all words of
//! a query, in pages. It lives in memory, is built when the database is opened and follows every
//! commit. A full-text index in the database was tried first: searches took about five times as
//! long, and a quarter fewer products were added a second. The price is a start that takes about a
//! second for 100,000 products.
//!
//! A word is a run of letters and digits, in lower case and without accents, so that "CAFE" finds
//! "Café" and "ежик" finds "Ёжик". Every word of a query is the beginning of a word.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest word that is told apart, in characters: the rest of a longer one is not looked at.
const MAX_WORD: usize = 64;

/// How a product contains the words of a query; also the order of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// All of them are in its name.
    Name,
    /// At least one is only in its description.
    Text,
}

/// A change that the index has to follow.
#[derive(Clone, Debug)]
pub(super) struct Reworded {
    /// The product's row.
    pub seq: i64,
    /// Name and description before, if it was there.
    pub old: Option<(String, String)>,
    /// Name and description now, if it is there.
    pub new: Option<(String, String)>,
}

/// Words and the rows that contain them.
#[derive(Debug, Default)]
pub(super) struct Index {
    names: Words,
    /// Of name and description.
    texts: Words,
}

impl Index {
    /// Follows a change.
    pub fn follow(&mut self, change: &Reworded) {
        if let Some((name, description)) = &change.old {
            self.names.remove(change.seq, &words(name));
            self.texts.remove(change.seq, &words_of_both(name, description));
        }
        if let Some((name, description)) = &change.new {
            self.add(change.seq, name, description);
        }
    }

    /// Adds a row.
    pub fn add(&mut self, seq: i64, name: &str, description: &str) {
        self.names.add(seq, words(name));
        self.texts.add(seq, words_of_both(name, description));
    }

    /// The first `limit` rows behind `after` that contain all words: first those that have them
    /// in their names, each part from the newest row to the oldest.
    pub fn find(
        &self,
        words: &[String],
        after: Option<(Part, i64)>,
        limit: usize,
    ) -> Vec<(Part, i64)> {
        let in_name = Matches::new(&self.names, words);
        let (part, before) = after.unwrap_or((Part::Name, i64::MAX));
        let mut found = Vec::new();
        if part == Part::Name {
            let rows = in_name.newest_first(before).map(|seq| (Part::Name, seq));
            found.extend(rows.take(limit));
        }
        if found.len() < limit {
            let before = if part == Part::Text { before } else { i64::MAX };
            let in_text = Matches::new(&self.texts, words);
            let rows = in_text.newest_first(before).filter(|&seq| !in_name.contains(seq));
            found.extend(rows.map(|seq| (Part::Text, seq)).take(limit - found.len()));
        }
        found
    }
}

/// The words of a text, sorted, each once.
pub(super) fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|&c| !is_combining_mark(c))
        .flat_map(char::to_lowercase)
        // Lower case may bring marks of its own, as with the dotted capital I.
        .filter(|&c| !is_combining_mark(c))
        .collect();
    let mut words: Vec<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(MAX_WORD).collect())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn words_of_both(name: &str, description: &str) -> Vec<String> {
    let mut all = words(name);
    all.extend(words(description));
    all.sort_unstable();
    all.dedup();
    all
}

/// Each word's rows, in ascending order.
#[derive(Debug, Default)]
struct Words(BTreeMap<String, Vec<i64>>);

impl Words {
    fn add(&mut self, seq: i64, words: Vec<String>) {
        for word in words {
            let rows = self.0.entry(word).or_default();
            // A new product's row is the last one.
            if rows.last().is_none_or(|&last| last < seq) {
                rows.push(seq);
            } else if let Err(place) = rows.binary_search(&seq) {
                rows.insert(place, seq);
            }
        }
    }

    fn remove(&mut self, seq: i64, words: &[String]) {
        for word in words {
            let Some(rows) = self.0.get_mut(word) else { continue };
            if let Ok(place) = rows.binary_search(&seq) {
                rows.remove(place);
            }
            if rows.is_empty() {
                self.0.remove(word);
            }
        }
    }

    /// The rows of every word that begins like this.
    fn starting(&self, prefix: &str) -> Vec<&[i64]> {
        self.0
            .range(prefix.to_owned()..)
            .take_while(|(word, _)| word.starts_with(prefix))
            .map(|(_, rows)| rows.as_slice())
            .collect()
    }
}

/// The rows that contain some words, found as they are asked for.
struct Matches<'i> {
    /// For each word of the query, its rows in ascending order; the shortest first.
    rows: Vec<std::borrow::Cow<'i, [i64]>>,
}

impl<'i> Matches<'i> {
    fn new(index: &'i Words, words: &[String]) -> Self {
        let mut rows: Vec<_> = words
            .iter()
            .map(|word| match index.starting(word).as_slice() {
                [] => std::borrow::Cow::Borrowed(&[][..]),
                [one] => std::borrow::Cow::Borrowed(*one),
                several => {
                    let mut all = several.concat();
                    all.sort_unstable();
                    all.dedup();
                    std::borrow::Cow::Owned(all)
                }
            })
            .collect();
        rows.sort_by_key(|rows| rows.len());
        Self { rows }
    }

    fn newest_first(&self, before: i64) -> impl Iterator<Item = i64> {
        let (shortest, others) = match self.rows.split_first() {
            Some((shortest, others)) => (shortest.as_ref(), others),
            None => (&[][..], &[][..]),
        };
        let end = shortest.partition_point(|&seq| seq < before);
        let within = move |seq: &i64| others.iter().all(|rows| rows.binary_search(seq).is_ok());
        shortest[..end].iter().rev().copied().filter(within)
    }

    fn contains(&self, seq: i64) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|rows| rows.binary_search(&seq).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(products: &[(&str, &str)]) -> Index {
        let mut index = Index::default();
        for (seq, (name, description)) in (1..).zip(products) {
            index.add(seq, name, description);
        }
        index
    }

    fn find(index: &Index, query: &str) -> Vec<i64> {
        index.find(&words(query), None, 100).into_iter().map(|(_, seq)| seq).collect()
    }

    #[test]
    fn words_are_folded() {
        assert_eq!(words("Café-CRÈME, 2 x Ёжик!"), ["2", "cafe", "creme", "x", "ежик"]);
        assert_eq!(words("İstanbul istanbul"), ["istanbul"]);
        assert!(words(" -- ").is_empty());
        assert_eq!(words(&"x".repeat(100)), ["x".repeat(MAX_WORD)]);
    }

    #[test]
    fn names_come_first_then_the_newest() {
        let index =
            index(&[("blue cup", ""), ("saucer", "blue, for a cup"), ("cup", "blue"), ("a", "b")]);
        assert_eq!(find(&index, "blu cup"), [1, 3, 2]);
        assert_eq!(find(&index, "cup"), [3, 1, 2]);
        assert!(find(&index, "cup lamp").is_empty());
    }

    #[test]
    fn a_prefix_joins_the_rows_of_all_its_words() {
        let index = index(&[("cup", ""), ("cupboard", ""), ("cup cupboard", ""), ("cu", "")]);
        assert_eq!(find(&index, "cup"), [3, 2, 1]);
        assert_eq!(find(&index, "c"), [4, 3, 2, 1]);
    }

    #[test]
    fn pages_meet_without_gap_or_overlap() {
        let products: Vec<_> =
            (0..40).map(|i| if i % 3 == 0 { ("x y", "") } else { ("x", "y") }).collect();
        let index = index(&products);
        let words = words("x y");
        let whole = index.find(&words, None, 100);
        assert_eq!(whole.len(), 40);
        for size in 1..9 {
            let mut pages = Vec::new();
            loop {
                let page = index.find(&words, pages.last().copied(), size);
                if page.is_empty() {
                    break;
                }
                pages.extend(page);
            }
            assert_eq!(pages, whole, "{size}");
        }
    }

    #[test]
    fn it_follows_changes() {
        let pair = |name: &str| Some((name.to_owned(), String::new()));
        let mut index = index(&[("cup", ""), ("lamp", "")]);
        index.follow(&Reworded { seq: 1, old: pair("cup"), new: pair("mug") });
        assert!(find(&index, "cup").is_empty());
        assert_eq!(find(&index, "mug"), [1]);
        index.follow(&Reworded { seq: 2, old: pair("lamp"), new: None });
        assert!(find(&index, "lamp").is_empty());
        // Restored: its row is not the last one.
        index.follow(&Reworded { seq: 3, old: None, new: pair("lamp") });
        index.follow(&Reworded { seq: 2, old: None, new: pair("lamp") });
        assert_eq!(find(&index, "lamp"), [3, 2]);
    }
}
