//! The relays as processes: started on one core, their processor time and memory.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::Failure;

/// The core that relays run on.
const CORE: &str = "0";

/// As many open files as the system allows.
pub fn allow_many_files() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        eprintln!("the limit of open files stays as it is: {error}");
    }
}

/// Keeps this process off the relays' core. Its one thread has the others.
pub fn leave_the_core() {
    let mut others = rustix::thread::CpuSet::new();
    (1..rustix::thread::CpuSet::MAX_CPU).for_each(|core| others.set(core));
    if let Err(error) = rustix::thread::sched_setaffinity(None, &others) {
        eprintln!("relays and callers share a core: {error}");
    }
}

/// A folder that goes when this does.
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("relay-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays behind is in the system's temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Where the relay keeps its key.
fn state(folder: &Path) -> PathBuf {
    folder.join("state")
}

/// The relay's certificate, once it has been started.
pub fn certificate(folder: &Path) -> PathBuf {
    state(folder).join("cert.pem")
}

/// Compiles the C++ relay.
pub fn compile(source: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let program = folder.join("fork_relay");
    let compiled =
        Command::new("g++").args(["-O2", "-Wall", "-o"]).arg(&program).arg(source).status()?;
    if compiled.success() { Ok(program) } else { Err("g++ failed".into()) }
}

/// A relay that runs. Killed when dropped, with the processes that it has started.
pub struct Running {
    child: Child,
    /// The call protocol, if it speaks that.
    pub calls: Option<SocketAddr>,
    /// Video and audio.
    pub classic: (SocketAddr, SocketAddr),
}

impl Running {
    /// `okno-relay` with one thread.
    pub fn relay(program: &Path, folder: &Path) -> Result<Self, Failure> {
        let mut child = Command::new("taskset")
            .args(["-c", CORE])
            .arg(program)
            .args(["--threads", "1", "--listen", "127.0.0.1:0", "--classic-video", "127.0.0.1:0"])
            .args(["--classic-audio", "127.0.0.1:0", "--max-per-address", "100000"])
            .args(["--attempts-per-minute", "1000000", "--state"])
            .arg(state(folder))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let mut value = |before: &str| -> Result<String, Failure> {
            let line = lines.next().ok_or("the relay ended")??;
            let value = line.strip_prefix(before).ok_or_else(|| format!("{line:?}?"))?;
            Ok(value.to_owned())
        };
        let calls = value("calls on ")?.parse()?;
        value("key fingerprint ")?;
        let classic = value("classic video on ")?;
        let (video, audio) = classic.split_once(", classic audio on ").ok_or("no ports")?;
        let audio = audio.split(' ').next().ok_or("no port")?;
        let classic = (video.parse()?, audio.parse()?);
        Ok(Self { child, calls: Some(calls), classic })
    }

    /// The C++ relay.
    pub fn fork(program: &Path) -> Result<Self, Failure> {
        let mut child = Command::new("taskset")
            .args(["-c", CORE])
            .arg(program)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let port = |at: usize| -> Result<SocketAddr, Failure> {
            let port = line.split_whitespace().nth(at).ok_or("no port")?.parse()?;
            Ok(SocketAddr::from(([127, 0, 0, 1], port)))
        };
        Ok(Self { child, calls: None, classic: (port(1)?, port(3)?) })
    }

    /// It and the processes that it has started.
    fn processes(&self) -> Vec<u32> {
        let id = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        std::iter::once(id).chain(children.split_whitespace().flat_map(str::parse)).collect()
    }

    /// Processes that it has started.
    pub fn children(&self) -> usize {
        self.processes().len() - 1
    }

    /// Time on the processor so far, in user and system, of every thread.
    pub fn processor_time(&self) -> Result<Duration, Failure> {
        let mut total = Duration::ZERO;
        for id in self.processes() {
            for thread in std::fs::read_dir(format!("/proc/{id}/task"))? {
                // Its first number is nanoseconds. /proc/PID/stat counts ticks of 10 ms, which is
                // more than a process for one pair uses.
                let schedstat = std::fs::read_to_string(thread?.path().join("schedstat"))?;
                let run = schedstat.split(' ').next().ok_or("no schedstat")?;
                total += Duration::from_nanos(run.parse()?);
            }
        }
        Ok(total)
    }

    /// Memory in bytes; what processes share counts for each in part (PSS).
    pub fn memory(&self) -> Result<usize, Failure> {
        let mut total = 0;
        for id in self.processes() {
            let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup"))?;
            let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
            let kib = line.and_then(|l| l.split_whitespace().next()).ok_or("no Pss")?;
            total += kib.parse::<usize>()? * 1024;
        }
        Ok(total)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its children end by themselves when their callers are gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
