//! The command line: what can be asked for, and its words of help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use okno_catalog::proto::okno::v1::Order;
use okno_catalog::store::Durability;

/// Port of the original server.
const SERVER: &str = "http://127.0.0.1:50051";

/// Serves a product catalogue over gRPC, and is its client.
#[derive(Debug, Parser)]
#[command(name = "okno-catalog", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 database can't \
be opened, 4 no catalogue answers, 5 connection lost, 130/143 stopped by SIGINT/SIGTERM.")]
pub struct Cli {
    /// Log more: -v what happens, -vv every connection.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print JSON: one object a line. Errors too, on standard error.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a catalogue until SIGINT or SIGTERM.
    Serve(Serve),
    /// Make a self-signed certificate, its key and a token, to serve other machines.
    Keys(Keys),
    /// Add a product; prints its id.
    Add {
        /// Its name.
        name: String,
        /// Its price, for example 9.90.
        #[arg(short, long, allow_hyphen_values = true)]
        price: String,
        /// What else there is to say.
        #[arg(short, long, default_value = "")]
        description: String,
        #[command(flatten)]
        client: Client,
    },
    /// Show a product.
    Get {
        /// The id that `add` printed.
        id: String,
        #[command(flatten)]
        client: Client,
    },
    /// Delete a product and show what was deleted.
    Del {
        /// Its id.
        id: String,
        #[command(flatten)]
        client: Client,
    },
    /// Take a deletion back.
    Restore {
        /// The id of what was deleted.
        id: String,
        #[command(flatten)]
        client: Client,
    },
    /// Change a product.
    Update {
        /// Its id.
        id: String,
        /// The new name.
        #[arg(short, long)]
        name: Option<String>,
        /// The new price.
        #[arg(short, long, allow_hyphen_values = true)]
        price: Option<String>,
        /// The new description.
        #[arg(short, long)]
        description: Option<String>,
        /// Only if nobody changed it since this revision.
        #[arg(long)]
        if_revision: Option<u64>,
        #[command(flatten)]
        client: Client,
    },
    /// List products.
    List {
        /// What to sort by.
        #[arg(short, long, value_enum, default_value_t = By::Created)]
        order: By,
        /// The other way round.
        #[arg(long)]
        descending: bool,
        /// Only those pinned to this stream.
        #[arg(short, long, default_value = "")]
        stream: String,
        /// At most this many; 0 is all.
        #[arg(short, long, default_value_t = 0)]
        limit: u64,
        #[command(flatten)]
        client: Client,
    },
    /// Find products by the beginnings of words in name and description.
    Search {
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
        /// At most this many; 0 is all.
        #[arg(short, long, default_value_t = 100)]
        limit: u64,
        #[command(flatten)]
        client: Client,
    },
    /// Print every change from now on, until interrupted.
    Watch {
        #[command(flatten)]
        client: Client,
    },
    /// Show a product beside a stream.
    Pin {
        /// Its id.
        id: String,
        /// The stream's name, as its sender shows it.
        stream: String,
        #[command(flatten)]
        client: Client,
    },
    /// Take a product away from a stream.
    Unpin {
        /// Its id.
        id: String,
        /// The stream's name.
        stream: String,
        #[command(flatten)]
        client: Client,
    },
    /// Add all products of a CSV or JSON file. The whole file is checked before the first is added.
    Import {
        /// The file; "-" is standard input.
        file: PathBuf,
        /// What it is; told from the file's name if not given.
        #[arg(short, long, value_enum)]
        format: Option<Format>,
        /// Take over the ids in the file, which must be free. Else the server assigns new ones.
        #[arg(long)]
        keep_ids: bool,
        /// Leave out the first N products of the file, to go on after an interruption.
        #[arg(long, default_value_t = 0, value_name = "N")]
        skip: usize,
        #[command(flatten)]
        client: Client,
    },
    /// Write all products to a CSV or JSON file.
    Export {
        /// The file; "-" is standard output.
        file: PathBuf,
        /// What to write; told from the file's name if not given.
        #[arg(short, long, value_enum)]
        format: Option<Format>,
        #[command(flatten)]
        client: Client,
    },
}

/// How to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on. Port 0 takes a free one and prints it.
    #[arg(short, long, env = "OKNO_CATALOG_LISTEN", default_value = "127.0.0.1:50051")]
    pub listen: String,
    /// Database file. Default: okno/catalog.db in the user's data folder.
    #[arg(long, env = "OKNO_CATALOG_DB", value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// What an acknowledged change survives.
    #[arg(long, env = "OKNO_CATALOG_DURABILITY", value_enum, default_value_t = Survives::Process)]
    pub durability: Survives,
    /// The largest that the database may become, in MiB.
    #[arg(long, env = "OKNO_CATALOG_MAX_SIZE", default_value_t = 4_096, value_name = "MIB")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pub max_size: u64,
    /// PEM file of the certificate. Needed beyond this machine.
    #[arg(long, env = "OKNO_CATALOG_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// PEM file of the certificate's key.
    #[arg(long, env = "OKNO_CATALOG_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// File with the token that clients have to show. Needed beyond this machine.
    #[arg(long, env = "OKNO_CATALOG_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

/// Where `keys` writes, and for whom.
#[derive(Debug, Args)]
pub struct Keys {
    /// Folder for cert.pem, key.pem and token; made if it is missing.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    /// A name or address that clients reach the server by. May be given more than once.
    #[arg(long, value_name = "NAME", default_value = "localhost")]
    pub host: Vec<String>,
}

/// How to reach the catalogue.
#[derive(Debug, Args)]
pub struct Client {
    /// The catalogue: http://HOST:PORT, or https://HOST:PORT with TLS.
    #[arg(long, env = "OKNO_CATALOG_SERVER", default_value = SERVER, value_name = "URL")]
    pub server: String,
    /// PEM file of a certificate to trust, for a server with a self-signed one.
    #[arg(long, env = "OKNO_CATALOG_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// File with the server's token.
    #[arg(long, env = "OKNO_CATALOG_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Seconds that a call may take.
    #[arg(long, env = "OKNO_CATALOG_TIMEOUT", default_value_t = 10.0, value_name = "SECONDS")]
    pub timeout: f64,
}

/// What to sort by.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum By {
    /// The order in which they were added.
    Created,
    /// The name, without regard to case.
    Name,
    /// The price.
    Price,
    /// The last change.
    Updated,
}

impl From<By> for Order {
    fn from(by: By) -> Self {
        match by {
            By::Created => Self::Created,
            By::Name => Self::Name,
            By::Price => Self::Price,
            By::Updated => Self::Updated,
        }
    }
}

/// What an acknowledged change survives.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Survives {
    /// The end of the process, kill -9 included.
    Process,
    /// A power cut too; every change waits for the disk.
    Power,
}

impl From<Survives> for Durability {
    fn from(survives: Survives) -> Self {
        match survives {
            Survives::Process => Self::Process,
            Survives::Power => Self::Power,
        }
    }
}

/// Formats of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Columns id, name, description, price, streams; the first line names them.
    Csv,
    /// An array of objects.
    Json,
}
