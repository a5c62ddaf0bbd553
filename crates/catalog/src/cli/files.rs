//! Products in files: CSV and JSON, read for `import` and written by `export`.
//!
//! In: a file that anybody may have made. Out: products that the server will accept, or the line
//! and what is wrong in it. Reads at most [`MAX_FILE`] bytes. What `export` writes, `import` reads.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use okno_catalog::check;
use okno_catalog::limits::MAX_STREAMS_PER_PRODUCT;
use okno_catalog::price;
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::{Item, NewProduct};
use serde::Deserialize;

use super::args::Format;
use super::failure::{FAILED, Failure, USAGE};
use super::output::item_json;

/// Largest file that is imported, in bytes: it is held in memory while it is checked.
const MAX_FILE: u64 = 512 << 20;

/// A product as it stands in a file.
#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: String,
    name: String,
    #[serde(default)]
    description: String,
    price: Price,
    #[serde(default)]
    streams: Streams,
}

/// A number, or text such as "9,90".
#[derive(Deserialize)]
#[serde(untagged)]
enum Price {
    Number(f64),
    Text(String),
}

/// An array in JSON, lines in a CSV cell: a stream's name can't contain a line break.
#[derive(Deserialize)]
#[serde(untagged)]
enum Streams {
    Text(String),
    Array(Vec<String>),
}

impl Default for Streams {
    fn default() -> Self {
        Self::Array(Vec::new())
    }
}

/// The format that was named, or the one that the file's name tells.
pub fn format(file: &Path, named: Option<Format>) -> Result<Format, Failure> {
    let extension = file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    match (named, extension.as_deref()) {
        (Some(format), _) => Ok(format),
        (None, Some("csv")) => Ok(Format::Csv),
        (None, Some("json")) => Ok(Format::Json),
        _ => {
            let name = file.display();
            let message = format!("{name}: csv or json? Say it with --format");
            Err(Failure::new(USAGE, "USAGE", message))
        }
    }
}

/// All products of a file, checked.
pub fn read(file: &Path, format: Format, keep_ids: bool) -> Result<Vec<NewProduct>, Failure> {
    let name = file.display();
    let failed =
        |why: &dyn std::fmt::Display| Failure::new(FAILED, "FILE", format!("{name}: {why}"));
    let mut bytes = Vec::new();
    let input: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(file).map_err(|error| failed(&error))?)
    };
    input.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > MAX_FILE {
        let mib = MAX_FILE >> 20;
        return Err(failed(&format!("larger than {mib} MiB: divide it into several files")));
    }
    let records = match format {
        Format::Csv => csv_records(&bytes),
        Format::Json => json_records(&bytes),
    };
    records
        .and_then(|records| {
            let checked = records.into_iter().map(|(place, record)| {
                checked(record, keep_ids).map_err(|why| format!("{place}: {why}"))
            });
            checked.collect()
        })
        .map_err(|why| failed(&format!("{why}. Nothing was added")))
}

/// Writes items one by one, so that no catalogue is too large.
pub enum Writer {
    /// Rows.
    Csv(Box<csv::Writer<Box<dyn Write>>>),
    /// Elements of an array, and whether one was written.
    Json(Box<dyn Write>, bool),
}

impl Writer {
    /// A file; one that is there already is replaced once [`Self::finish`] is called by the
    /// caller's rename.
    pub fn new(out: Box<dyn Write>, format: Format) -> Result<Self, Failure> {
        Ok(match format {
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(["id", "name", "description", "price", "streams"])
                    .map_err(|error| Failure::new(FAILED, "FILE", error))?;
                Self::Csv(Box::new(csv))
            }
            Format::Json => Self::Json(out, false),
        })
    }

    /// Adds an item.
    pub fn write(&mut self, item: &Item) -> Result<(), Failure> {
        match self {
            Self::Csv(csv) => {
                let product = item.product.clone().unwrap_or_default();
                let price = price::show(product.price);
                let streams = item.streams.join("\n");
                csv.write_record([product.id, product.name, product.description, price, streams])
                    .map_err(|error| Failure::new(FAILED, "FILE", error))?;
            }
            Self::Json(out, begun) => {
                let lead = if *begun { ",\n" } else { "[\n" };
                write!(out, "{lead}{}", item_json(item))?;
                *begun = true;
            }
        }
        Ok(())
    }

    /// Ends the file.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Csv(mut csv) => csv.flush()?,
            Self::Json(mut out, begun) => {
                out.write_all(if begun { b"\n]\n" } else { b"[]\n" })?;
                out.flush()?;
            }
        }
        Ok(())
    }
}

type Records = Result<Vec<(String, Record)>, String>;

fn csv_records(bytes: &[u8]) -> Records {
    // Spreadsheets begin UTF-8 files with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(bytes);
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    for needed in ["name", "price"] {
        if !headers.iter().any(|header| header == needed) {
            return Err(format!("the first line names no column {needed:?}"));
        }
    }
    let mut records = Vec::new();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|error| error.to_string())? {
        let line = row.position().map_or(0, csv::Position::line);
        let field = |name: &str| {
            let index = headers.iter().position(|header| header == name);
            index.and_then(|index| row.get(index)).unwrap_or_default().to_owned()
        };
        let record = Record {
            id: field("id"),
            name: field("name"),
            description: field("description"),
            price: Price::Text(field("price")),
            streams: Streams::Text(field("streams")),
        };
        records.push((format!("line {line}"), record));
    }
    Ok(records)
}

fn json_records(bytes: &[u8]) -> Records {
    let records: Vec<Record> = serde_json::from_slice(bytes).map_err(|error| {
        format!(
            "{error}: expected an array of objects with \"name\", \"price\" and, if wanted, \
             \"description\", \"id\", \"streams\""
        )
    })?;
    let numbered = records.into_iter().enumerate();
    Ok(numbered.map(|(index, record)| (format!("product {}", index + 1), record)).collect())
}

fn checked(record: Record, keep_ids: bool) -> Result<NewProduct, String> {
    let price = match record.price {
        #[allow(clippy::cast_possible_truncation, reason = "the wire has float; check() follows")]
        Price::Number(number) => number as f32,
        Price::Text(text) => price::parse(&text).map_err(|bad| format!("{bad}, not {text:?}"))?,
    };
    let streams = match record.streams {
        Streams::Array(names) => names,
        Streams::Text(text) => text.lines().map(str::to_owned).collect(),
    };
    if streams.len() > MAX_STREAMS_PER_PRODUCT {
        return Err(format!("more than {MAX_STREAMS_PER_PRODUCT} streams"));
    }
    for stream in &streams {
        check::stream(stream).map_err(|bad| bad.to_string())?;
    }
    if keep_ids {
        check::kept_id(&record.id).map_err(|bad| bad.to_string())?;
    }
    let id = if keep_ids { record.id } else { String::new() };
    let product = Product { id, name: record.name, description: record.description, price };
    check::product(&product).map_err(|bad| bad.to_string())?;
    Ok(NewProduct { product: Some(product), streams })
}
