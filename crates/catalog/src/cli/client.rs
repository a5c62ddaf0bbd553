//! The commands that talk to a catalogue.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use okno_catalog::client::{Connection, Target};
use okno_catalog::limits::{MAX_BATCH, MAX_PAGE};
use okno_catalog::price;
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::{
    Item, ListProductsRequest, ListProductsResponse, NewProduct, SearchProductsRequest,
    UpdateProductRequest,
};
use okno_catalog::server::guard;
use prost::Message;
use serde_json::json;
use tonic::Status;

use super::args::{Client, Command, Format};
use super::failure::{FAILED, Failure, LOST, USAGE};
use super::{files, output};

/// Bytes of products in one batch of an import; the server takes 4 MiB.
const BATCH_BYTES: usize = 2 << 20;

/// Does what a command says; the answer is the exit code.
pub async fn run(command: Command, json: bool) -> Result<u8, Failure> {
    match command {
        Command::Add { name, price, description, client } => {
            let product = Product { id: String::new(), name, description, price: number(&price)? };
            let id = connect(&client).await?.add(product).await?;
            say(if json { json!({"id": id}).to_string() } else { id })?;
        }
        Command::Get { id, client } => {
            let product = connect(&client).await?.get(id).await?;
            say_product(&product, json)?;
        }
        Command::Del { id, client } => {
            let product = connect(&client).await?.delete(id).await?;
            say_product(&product, json)?;
        }
        Command::Restore { id, client } => {
            say_item(&connect(&client).await?.restore(id).await?, json)?;
        }
        Command::Update { id, name, price, description, if_revision, client } => {
            let price = price.as_deref().map(number).transpose()?;
            let update = UpdateProductRequest { id, name, description, price, if_revision };
            say_item(&connect(&client).await?.update(update).await?, json)?;
        }
        Command::Pin { id, stream, client } => {
            say_item(&connect(&client).await?.pin(id, stream).await?, json)?;
        }
        Command::Unpin { id, stream, client } => {
            say_item(&connect(&client).await?.unpin(id, stream).await?, json)?;
        }
        Command::List { order, descending, stream, limit, client } => {
            let request = ListProductsRequest {
                order: okno_catalog::proto::okno::v1::Order::from(order).into(),
                descending,
                stream,
                ..ListProductsRequest::default()
            };
            let connection = connect(&client).await?;
            list(&connection, request, limit, |item| say_item(item, json)).await?;
        }
        Command::Search { words, limit, client } => {
            let connection = connect(&client).await?;
            search(&connection, &words.join(" "), limit, json).await?;
        }
        Command::Watch { client } => watch(&connect(&client).await?, json).await?,
        Command::Import { file, format, keep_ids, skip, client } => {
            let format = files::format(&file, format)?;
            let products = files::read(&file, format, keep_ids)?;
            import(&connect(&client).await?, products, keep_ids, skip, json).await?;
        }
        Command::Export { file, format, client } => {
            let format = files::format(&file, format)?;
            export(&connect(&client).await?, &file, format, json).await?;
        }
        Command::Serve(_) | Command::Keys(_) => {}
    }
    Ok(0)
}

async fn connect(args: &Client) -> Result<Connection, Failure> {
    let token = args.token_file.as_deref().map(guard::read_token).transpose();
    let timeout = Duration::try_from_secs_f64(args.timeout).ok().filter(|t| !t.is_zero());
    let target = Target {
        server: args.server.clone(),
        ca: args.ca.clone(),
        token: token.map_err(|error| Failure::new(USAGE, "USAGE", error))?,
        timeout: timeout.ok_or_else(|| {
            Failure::new(USAGE, "USAGE", "--timeout is a number of seconds above 0")
        })?,
    };
    Ok(Connection::open(&target).await?)
}

fn number(text: &str) -> Result<f32, Failure> {
    price::parse(text).map_err(|bad| Failure::new(FAILED, "INVALID_ARGUMENT", bad))
}

fn say(line: impl AsRef<str>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", line.as_ref())?;
    Ok(out.flush()?)
}

fn say_product(product: &Product, json: bool) -> Result<(), Failure> {
    say(if json {
        output::product_json(product).to_string()
    } else {
        output::product_line(product)
    })
}

fn say_item(item: &Item, json: bool) -> Result<(), Failure> {
    say(if json { output::item_json(item).to_string() } else { output::item_line(item) })
}

/// Goes through the pages of a list, at most `limit` items of it; 0 is all.
async fn list(
    connection: &Connection,
    mut request: ListProductsRequest,
    limit: u64,
    mut each: impl FnMut(&Item) -> Result<(), Failure>,
) -> Result<u64, Failure> {
    let mut seen = 0;
    loop {
        request.page_size = page_size(limit, seen);
        let page = connection.list(request.clone()).await?;
        match take(page, limit, &mut seen, &mut each)? {
            Some(token) => request.page_token = token,
            None => return Ok(seen),
        }
    }
}

async fn search(
    connection: &Connection,
    query: &str,
    limit: u64,
    json: bool,
) -> Result<(), Failure> {
    let mut request =
        SearchProductsRequest { query: query.to_owned(), ..SearchProductsRequest::default() };
    let mut seen = 0;
    loop {
        request.page_size = page_size(limit, seen);
        let page = connection.search(request.clone()).await?;
        match take(page, limit, &mut seen, &mut |item| say_item(item, json))? {
            Some(token) => request.page_token = token,
            None => return Ok(()),
        }
    }
}

fn page_size(limit: u64, seen: u64) -> u32 {
    if limit == 0 { MAX_PAGE } else { u32::try_from(limit - seen).unwrap_or(MAX_PAGE) }
}

/// Hands a page's items on; the answer is the token of the page after it, if that is wanted.
fn take(
    page: ListProductsResponse,
    limit: u64,
    seen: &mut u64,
    each: &mut impl FnMut(&Item) -> Result<(), Failure>,
) -> Result<Option<String>, Failure> {
    for item in &page.items {
        each(item)?;
        *seen += 1;
    }
    let more = !page.next_page_token.is_empty() && (limit == 0 || *seen < limit);
    Ok(more.then_some(page.next_page_token))
}

async fn watch(connection: &Connection, json: bool) -> Result<(), Failure> {
    let mut changes = connection.watch().await?;
    loop {
        match changes.message().await {
            Ok(Some(change)) => say(if json {
                output::change_json(&change).to_string()
            } else {
                output::change_line(&change)
            })?,
            Ok(None) => return Err(lost("the server ended the watch")),
            Err(status) => return Err(lost(status.message())),
        }
    }
}

fn lost(why: &str) -> Failure {
    Failure::new(LOST, "LOST", format!("the watch is over: {why}"))
}

async fn import(
    connection: &Connection,
    products: Vec<NewProduct>,
    keep_ids: bool,
    skip: usize,
    json: bool,
) -> Result<(), Failure> {
    let mut added = 0;
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut rest = products.into_iter().skip(skip).peekable();
    while let Some(product) = rest.next() {
        bytes += product.encoded_len();
        batch.push(product);
        let next = rest.peek().map_or(0, Message::encoded_len);
        if rest.peek().is_none() || batch.len() == MAX_BATCH || bytes + next > BATCH_BYTES {
            let count = batch.len();
            let sent = connection.add_all(std::mem::take(&mut batch), keep_ids).await;
            sent.map_err(|status| interrupted(&status, skip + added, count))?;
            added += count;
            bytes = 0;
        }
    }
    say(if json { json!({"added": added}).to_string() } else { format!("{added} products added") })
}

fn interrupted(status: &Status, done: usize, count: usize) -> Failure {
    let failure = Failure::from(status.clone());
    // Without an answer the batch may have been added just before the end.
    let unsure = failure.exit == LOST || status.code() == tonic::Code::DeadlineExceeded;
    let then = if unsure {
        let last = done + count;
        format!("look whether product {last} is there, and go on with --skip {last} or {done}")
    } else {
        format!("go on with --skip {done}")
    };
    let message =
        format!("{}. The file's first {done} products are added; {then}", failure.message);
    Failure { message, ..failure }
}

async fn export(
    connection: &Connection,
    file: &Path,
    format: Format,
    json: bool,
) -> Result<(), Failure> {
    let request = ListProductsRequest::default();
    if file == Path::new("-") {
        let mut writer = files::Writer::new(Box::new(io::stdout()), format)?;
        list(connection, request, 0, |item| writer.write(item)).await?;
        return writer.finish();
    }
    // Beside the file and then in its place: whoever reads it sees the old one or the new one.
    let mut part = file.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    let failed = |error: io::Error| {
        Failure::new(FAILED, "FILE", format!("{}: {error}; name another file", file.display()))
    };
    let out = BufWriter::new(File::create(part).map_err(failed)?);
    let mut writer = files::Writer::new(Box::new(out), format)?;
    let written = match list(connection, request, 0, |item| writer.write(item)).await {
        Ok(count) => writer.finish().map(|()| count),
        Err(failure) => Err(failure),
    };
    if let Err(failure) = written {
        let _ = std::fs::remove_file(part);
        return Err(failure);
    }
    std::fs::rename(part, file).map_err(failed)?;
    let count = written?;
    say(if json {
        json!({"exported": count, "file": file.display().to_string()}).to_string()
    } else {
        format!("{count} products in {}", file.display())
    })
}
