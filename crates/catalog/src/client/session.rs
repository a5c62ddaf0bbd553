//! What the thread behind [`super::live`] does: connect, copy, follow, and again.
//!
//! In: a target and commands. Out: calls on [`Shared`]. Watches first and lists then, so that no
//! change falls between; a watch that lagged makes it list again. A probe every few seconds tells
//! a slow catalogue from a lost one.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tonic::{Code, Status, Streaming};

use super::connection::{Connection, Target};
use super::live::{Command, CommandError, Outcome, Pace, Shared, State, Ticket};
use super::snapshot::{MAX_SNAPSHOT, Snapshot};
use crate::limits::MAX_PAGE;
use crate::proto::okno::v1::change::What;
use crate::proto::okno::v1::{Change, ListProductsRequest, SearchProductsRequest};

type Queue = mpsc::Receiver<(Ticket, Command)>;

/// Connects and follows, for ever.
pub(super) async fn keep_up(target: &Target, pace: Pace, shared: &Arc<Shared>, mut queue: Queue) {
    let mut pause = pace.first_pause;
    loop {
        let attempt = refuse_until(&mut queue, shared, connect(target)).await;
        let why = match attempt {
            Ok((connection, changes, snapshot)) => {
                pause = pace.first_pause;
                arrive(shared, snapshot);
                follow(&connection, changes, pace, shared, &mut queue).await
            }
            Err(why) => why,
        };
        let state = match shared.state() {
            State::Connecting | State::Absent => State::Absent,
            _ => State::Lost,
        };
        shared.set_status(state, &why);
        let waited = async {
            tokio::select! {
                () = sleep(jittered(pause)) => false,
                () = shared.retry.notified() => true,
            }
        };
        let asked = refuse_until(&mut queue, shared, waited).await;
        pause = if asked { pace.first_pause } else { (pause * 2).min(pace.longest_pause) };
    }
}

/// Up to a quarter more, so that the clients of a server that comes back don't come all at once.
fn jittered(pause: Duration) -> Duration {
    let random = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
    pause + pause * random / 1_024
}

fn arrive(shared: &Shared, snapshot: Snapshot) {
    let before = shared.state();
    shared.replace(snapshot);
    let state = if before == State::Lost { State::Back } else { State::Here };
    shared.set_status(state, "");
}

/// Waits for something while there is no connection: commands are refused meanwhile.
async fn refuse_until<T>(
    queue: &mut Queue,
    shared: &Shared,
    something: impl Future<Output = T>,
) -> T {
    tokio::pin!(something);
    loop {
        tokio::select! {
            biased;
            result = &mut something => return result,
            Some((ticket, _)) = queue.recv() => {
                let message = "there is no connection to the catalogue: try again once it is back";
                let error = CommandError { code: Code::Unavailable, message: message.to_owned() };
                shared.done(ticket, Err(error));
            }
        }
    }
}

/// A connection, its watch, and what is there.
async fn connect(target: &Target) -> Result<(Connection, Streaming<Change>, Snapshot), String> {
    let connection = Connection::open(target).await.map_err(|error| error.to_string())?;
    let late = |_| "the catalogue does not answer".to_owned();
    let words = |status: Status| status.message().to_owned();
    let mut changes =
        timeout(target.timeout, connection.watch()).await.map_err(late)?.map_err(words)?;
    // The first message says that from here on no change is missed.
    let first = timeout(target.timeout, changes.message()).await.map_err(late)?.map_err(words)?;
    if first.is_none() {
        return Err("the catalogue ended the watch at once".to_owned());
    }
    let snapshot = copy(&connection).await.map_err(words)?;
    Ok((connection, changes, snapshot))
}

/// Everything that the catalogue holds, page by page.
async fn copy(connection: &Connection) -> Result<Snapshot, Status> {
    let mut snapshot = Snapshot::default();
    let mut request = ListProductsRequest { page_size: MAX_PAGE, ..ListProductsRequest::default() };
    loop {
        let page = connection.list(request.clone()).await?;
        for item in page.items {
            snapshot.put(Arc::new(item));
        }
        if page.next_page_token.is_empty() || snapshot.is_cut_off() {
            return Ok(snapshot);
        }
        debug_assert!(snapshot.len() <= MAX_SNAPSHOT);
        request.page_token = page.next_page_token;
    }
}

/// Follows a catalogue until it is lost; the answer is why.
async fn follow(
    connection: &Connection,
    mut changes: Streaming<Change>,
    pace: Pace,
    shared: &Arc<Shared>,
    queue: &mut Queue,
) -> String {
    let mut commands = JoinSet::new();
    let mut open = HashSet::new();
    let mut probe = Probe::new(connection, pace);
    let mut back_until = Some(Instant::now() + pace.back_for);
    let why = loop {
        tokio::select! {
            change = changes.message() => match change {
                Ok(Some(change)) => {
                    if let Err(status) = apply(change, connection, shared).await {
                        break status.message().to_owned();
                    }
                }
                Ok(None) => break "the catalogue ended the watch".to_owned(),
                Err(status) => break status.message().to_owned(),
            },
            Some((ticket, command)) = queue.recv() => {
                let connection = connection.clone();
                open.insert(ticket);
                commands.spawn(async move { (ticket, run(&connection, command).await) });
            }
            Some(ended) = commands.join_next() => if let Ok((ticket, result)) = ended {
                open.remove(&ticket);
                shared.done(ticket, result.map_err(CommandError::from));
            },
            () = sleep_until(back_until.unwrap_or_else(Instant::now)), if back_until.is_some() => {
                back_until = None;
                if shared.state() == State::Back {
                    shared.set_status(State::Here, "");
                }
            }
            news = probe.next() => match news {
                Pulse::Well if shared.state() == State::Slow => {
                    shared.set_status(State::Here, "");
                }
                Pulse::Well => {}
                Pulse::Slow => shared.set_status(State::Slow, "the catalogue is slow to answer"),
                Pulse::Lost(why) => break why,
            },
        }
    };
    commands.shutdown().await;
    for ticket in open {
        let message = format!("{why}; look whether the change was made once it is back");
        shared.done(ticket, Err(CommandError { code: Code::Unavailable, message }));
    }
    why
}

async fn apply(change: Change, connection: &Connection, shared: &Shared) -> Result<(), Status> {
    match change.what {
        Some(What::Put(item)) => shared.put(item),
        Some(What::Deleted(id)) => shared.delete(id, change.revision),
        // What changes during the copy is already in the watch behind this message.
        Some(What::Lagged(_)) => shared.replace(copy(connection).await?),
        Some(What::Watching(_)) | None => {}
    }
    Ok(())
}

async fn run(connection: &Connection, command: Command) -> Result<Outcome, Status> {
    Ok(match command {
        Command::Add(product) => Outcome::Added(connection.add(product).await?),
        Command::Update(update) => Outcome::Changed(connection.update(update).await?),
        Command::Delete(id) => Outcome::Deleted(connection.delete(id).await?),
        Command::Restore(id) => Outcome::Changed(connection.restore(id).await?),
        Command::Pin { id, stream } => Outcome::Changed(connection.pin(id, stream).await?),
        Command::Unpin { id, stream } => Outcome::Changed(connection.unpin(id, stream).await?),
        Command::Search(query) => {
            let page_size = MAX_PAGE;
            let request = SearchProductsRequest { query, page_size, page_token: String::new() };
            Outcome::Found(connection.search(request).await?.items)
        }
    })
}

/// What a probe tells.
enum Pulse {
    Well,
    Slow,
    Lost(String),
}

/// Asks for one product every few seconds, which goes all the way to the database and back.
struct Probe<'c> {
    connection: &'c Connection,
    pace: Pace,
    next_at: Instant,
    asked: Option<Question>,
}

/// A probe on its way.
struct Question {
    since: Instant,
    /// Whether it was told that this one is slow.
    told: bool,
    answer: JoinHandle<Result<(), Status>>,
}

impl<'c> Probe<'c> {
    fn new(connection: &'c Connection, pace: Pace) -> Self {
        Self { connection, pace, next_at: Instant::now() + pace.probe_every, asked: None }
    }

    /// The next news. May be dropped and called again at any time.
    async fn next(&mut self) -> Pulse {
        if self.asked.is_none() {
            sleep_until(self.next_at).await;
        }
        let (connection, pace) = (self.connection, self.pace);
        let question = self.asked.get_or_insert_with(|| {
            let connection = connection.clone();
            let answer = tokio::spawn(async move {
                let request = ListProductsRequest { page_size: 1, ..Default::default() };
                connection.list(request).await.map(drop)
            });
            Question { since: Instant::now(), told: false, answer }
        });
        let until = question.since + if question.told { pace.lost_after } else { pace.slow_after };
        tokio::select! {
            answer = &mut question.answer => {
                let slow = question.since.elapsed() >= pace.slow_after;
                self.asked = None;
                self.next_at = Instant::now() + pace.probe_every;
                match answer {
                    Ok(Ok(())) if slow => Pulse::Slow,
                    Ok(Ok(())) => Pulse::Well,
                    Ok(Err(status)) => Pulse::Lost(status.message().to_owned()),
                    Err(_) => Pulse::Lost("the probe was ended".to_owned()),
                }
            }
            () = sleep_until(until) => {
                if question.told {
                    let waited = pace.lost_after.as_secs_f32();
                    return Pulse::Lost(format!("the catalogue gave no answer for {waited} s"));
                }
                question.told = true;
                Pulse::Slow
            }
        }
    }
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        if let Some(question) = &self.asked {
            question.answer.abort();
        }
    }
}
