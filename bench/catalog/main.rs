//! Measures `okno-catalog` beside a plain Python gRPC server with a dictionary.
//!
//! In: how many products, how long, which Python. Out: a Markdown file with calls per second and
//! the 99th percentile of get, add, list and search, at several numbers of clients at once.
//! Both servers get the same products, the same calls and the same load generator, in turns, on
//! the same machine. Never judges: it prints what it saw.
//!
//! Run: `cargo run --release -p okno-catalog --example catalog-bench -- --python PYTHON`

mod report;
mod servers;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use okno_catalog::client::{Connection, Target};
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::{
    ListProductsRequest, NewProduct, Order, SearchProductsRequest,
};

use report::{Row, Sample};
use servers::Running;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures the catalogue server beside a Python one.
#[derive(Debug, Parser)]
pub struct Arguments {
    /// A Python that has grpcio and grpcio-tools.
    #[arg(long, default_value = "python3")]
    pub python: PathBuf,
    /// Products in the catalogue.
    #[arg(long, default_value_t = 100_000)]
    pub products: usize,
    /// Seconds for each measurement.
    #[arg(long, default_value_t = 1.0)]
    pub seconds: f64,
    /// Measurements of each server, in turns; the median counts.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// Clients at once, each with its own connection.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 4, 8, 16, 32, 64])]
    pub clients: Vec<usize>,
    /// The file to write; standard output if not given.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// What to say about the machine, for example whether it was busy.
    #[arg(long, default_value = "")]
    pub note: String,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// One product by its id, a random one.
    Get,
    /// One more product.
    Add,
    /// The first 100 by name.
    List,
    /// At most 100 that contain two random words.
    Search,
}

const WORDS: [&str; 16] = [
    "blue", "red", "green", "small", "large", "cup", "plate", "lamp", "chair", "table", "wooden",
    "steel", "glass", "old", "new", "round",
];

fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let rows = runtime.block_on(measure(&arguments))?;
    let text = report::markdown(&rows, &arguments);
    match &arguments.out {
        Some(file) => std::fs::write(file, text)?,
        None => print!("{text}"),
    }
    Ok(())
}

async fn measure(arguments: &Arguments) -> Result<Vec<Row>, Failure> {
    let folder = tempfile::tempdir()?;
    let ours = Running::catalogue(&folder.path().join("catalog.db"))?;
    let ids = Arc::new(fill(&ours.url, arguments.products).await?);
    let products = folder.path().join("products.json");
    servers::export(&ours.url, &products)?;
    let python = Running::python(&arguments.python, &products)?;
    let mut rows = Vec::new();
    // Adding last, so that the others see just as many products as were asked for.
    for call in [Call::Get, Call::List, Call::Search, Call::Add] {
        for &clients in &arguments.clients {
            let length = Duration::from_secs_f64(arguments.seconds);
            let (mut of_ours, mut of_python) = (Vec::new(), Vec::new());
            // In turns, so that whatever else the machine does meets both alike.
            for _ in 0..arguments.rounds.max(1) {
                of_ours.push(load(&ours.url, call, clients, length, &ids).await?);
                of_python.push(load(&python.url, call, clients, length, &ids).await?);
            }
            let (ours, python) = (Sample::median(&of_ours), Sample::median(&of_python));
            eprintln!(
                "{call:?} {clients}: {:.0}/s p99 {:.2} ms; Python {:.0}/s p99 {:.2} ms",
                ours.per_second, ours.p99_ms, python.per_second, python.p99_ms,
            );
            rows.push(Row { call, clients, ours, python });
        }
    }
    Ok(rows)
}

/// Puts products into our server; the answer is their ids.
async fn fill(url: &str, count: usize) -> Result<Vec<String>, Failure> {
    let connection = Connection::open(&Target::new(url)).await?;
    let mut random = Random(1);
    let mut ids = Vec::with_capacity(count);
    while ids.len() < count {
        let batch = (0..(count - ids.len()).min(500))
            .map(|_| NewProduct { product: Some(product(&mut random)), streams: Vec::new() })
            .collect();
        let items = connection.add_all(batch, false).await?;
        ids.extend(items.into_iter().filter_map(|item| Some(item.product?.id)));
    }
    Ok(ids)
}

fn product(random: &mut Random) -> Product {
    let mut word = || WORDS[random.below(WORDS.len())];
    let name = format!("{} {} {}", word(), word(), word());
    let description = format!("A {} {} for the {} {}.", word(), word(), word(), word());
    let number = random.below(100_000);
    #[allow(clippy::cast_precision_loss, reason = "a price below 1,000")]
    let price = number as f32 / 100.0;
    Product { id: String::new(), name: format!("{name} {number}"), description, price }
}

/// Clients that call for a while, each as soon as it has its answer.
async fn load(
    url: &str,
    call: Call,
    clients: usize,
    length: Duration,
    ids: &Arc<Vec<String>>,
) -> Result<Sample, Failure> {
    static SEED: AtomicU64 = AtomicU64::new(7);
    let mut connections = Vec::new();
    for _ in 0..clients {
        let connection = Connection::open(&Target::new(url)).await?;
        let mut random = Random(SEED.fetch_add(1, Ordering::Relaxed));
        // The first call of a connection also pays for its settings.
        one(&connection, call, ids, &mut random).await?;
        connections.push((connection, random));
    }
    let start = Instant::now();
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|(connection, mut random)| {
            let ids = Arc::clone(ids);
            tokio::spawn(async move {
                let mut times = Vec::new();
                while start.elapsed() < length {
                    let begun = Instant::now();
                    one(&connection, call, &ids, &mut random).await?;
                    times.push(begun.elapsed());
                }
                Ok::<_, Failure>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    Ok(Sample::of(times, start.elapsed()))
}

async fn one(
    connection: &Connection,
    call: Call,
    ids: &[String],
    random: &mut Random,
) -> Result<(), Failure> {
    match call {
        Call::Get => drop(connection.get(ids[random.below(ids.len())].clone()).await?),
        Call::Add => drop(connection.add(product(random)).await?),
        Call::List => {
            let request = ListProductsRequest {
                page_size: 100,
                order: Order::Name.into(),
                ..ListProductsRequest::default()
            };
            let page = connection.list(request).await?;
            if page.items.is_empty() {
                return Err("a page without products".into());
            }
        }
        Call::Search => {
            let (a, b) = (WORDS[random.below(WORDS.len())], WORDS[random.below(WORDS.len())]);
            let query = format!("{a} {b}");
            let request =
                SearchProductsRequest { query, page_size: 100, page_token: String::new() };
            drop(connection.search(request).await?);
        }
    }
    Ok(())
}

/// Marsaglia's xorshift64: the same numbers in every run, for both servers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }
}
