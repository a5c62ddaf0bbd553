//! The two servers as child processes.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Failure;

/// A server; killed when dropped.
pub struct Running {
    child: Child,
    /// Where it is.
    pub url: String,
}

impl Running {
    /// `okno-catalog serve`, as it was built beside this program.
    pub fn catalogue(db: &Path) -> Result<Self, Failure> {
        let mut command = Command::new(program()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--db"]).arg(db);
        Self::start(&mut command)
    }

    /// The Python server with the products of a file.
    pub fn python(python: &Path, products: &Path) -> Result<Self, Failure> {
        let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = crate_folder.ancestors().nth(2).unwrap_or(crate_folder);
        let mut command = Command::new(python);
        command
            .arg(root.join("bench/catalog/dict_server.py"))
            .arg("--proto")
            .arg(root.join("proto"))
            .arg("--preload")
            .arg(products);
        Self::start(&mut command)
    }

    fn start(command: &mut Command) -> Result<Self, Failure> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        let url = line.split([' ', ',', '\n']).find(|word| word.starts_with("http://"));
        let url = url.map(str::to_owned).ok_or_else(|| format!("{command:?} said {line:?}"))?;
        Ok(Self { child, url })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes the products of our server to a file.
pub fn export(url: &str, file: &Path) -> Result<(), Failure> {
    let status = Command::new(program()?)
        .args(["export", "--server", url])
        .arg(file)
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("export: {status}").into()) }
}

fn program() -> Result<PathBuf, Failure> {
    let this = std::env::current_exe()?;
    let folder = this.ancestors().nth(2).ok_or("no target folder")?;
    let program = folder.join("okno-catalog");
    if program.exists() {
        Ok(program)
    } else {
        Err("build it first: cargo build --release -p okno-catalog".into())
    }
}
