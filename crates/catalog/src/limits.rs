//! The bounds that everything from outside is held to, each with its reason.

/// Longest product name, in characters: what a list row or a card can still show.
pub const MAX_NAME: usize = 256;

/// Longest description, in characters: some pages of text, far below a gRPC message.
pub const MAX_DESCRIPTION: usize = 4_096;

/// Longest name of a stream, in bytes of UTF-8: as long as a sender may call itself.
pub const MAX_STREAM: usize = 256;

/// Longest search text, in bytes, and most words in it: every word is one index lookup.
pub const MAX_QUERY: usize = 512;
/// See [`MAX_QUERY`].
pub const MAX_QUERY_WORDS: usize = 16;

/// Most products pinned to one stream: what can stand beside one picture.
pub const MAX_PINS_PER_STREAM: u32 = 16;

/// Most streams that one product is pinned to, so that an item stays a small message.
pub const MAX_STREAMS_PER_PRODUCT: usize = 64;

/// Products on a page when the request names no number.
pub const DEFAULT_PAGE: u32 = 100;

/// Most products on a page.
pub const MAX_PAGE: u32 = 1_000;

/// A page ends once it holds this many bytes: clients refuse messages over 4 MiB by default, and
/// 1,000 of the longest descriptions would be four times that.
pub const MAX_PAGE_BYTES: usize = 1 << 20;

/// Most products in one `AddProducts`: one transaction that holds up other writers for some
/// tens of milliseconds.
pub const MAX_BATCH: usize = 500;

/// Largest request, in bytes: a batch of 500 ordinary products, and every single product.
pub const MAX_REQUEST_BYTES: usize = 4 << 20;

/// Deleted products that can be restored. Older ones are gone for good.
pub const MAX_DELETED: u32 = 1_000;

/// Changes that a slow watcher may be behind before it is told that it lagged.
pub const WATCH_BACKLOG: usize = 1_024;

/// Watches at one time: each holds a task and a place in every change.
pub const MAX_WATCHERS: usize = 256;

/// Connections at one time.
pub const MAX_CONNECTIONS: usize = 512;

/// Calls in progress on one connection.
pub const MAX_STREAMS_PER_CONNECTION: u32 = 256;

/// Calls that wait for the database: more are refused at once rather than kept waiting.
pub const DATABASE_QUEUE: usize = 2_048;

/// Writes that share one transaction. More would make the first wait longer for little gain.
pub const MAX_GROUP: usize = 256;
