//! The client that an app uses: absent, here, slow, lost and back, and a snapshot in step.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod support;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use okno_catalog::client::Target;
use okno_catalog::client::live::{
    Command, Event, Live, MAX_COMMANDS, Outcome, Pace, State, Ticket,
};
use okno_catalog::proto::okno::v1::UpdateProductRequest;
use support::{PATIENCE, Server, cli, database, eventually, product, stderr, stdout};
use tonic::Code;

/// A live client and everything that it told.
struct App {
    live: Live,
    told: Vec<Event>,
    woken: Arc<AtomicUsize>,
}

impl App {
    fn start(url: &str) -> Self {
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let wake = move || {
            count.fetch_add(1, Ordering::Relaxed);
        };
        // Ten times as impatient as usual, so that the tests are as much quicker.
        let pace = Pace {
            probe_every: Duration::from_millis(200),
            slow_after: Duration::from_millis(300),
            lost_after: Duration::from_millis(900),
            back_for: Duration::from_millis(300),
            ..Pace::default()
        };
        let live = Live::start_with(Target::new(url), pace, wake).unwrap();
        Self { live, told: Vec::new(), woken }
    }

    fn wait_for(&mut self, what: &str, mut is_it: impl FnMut(&Event) -> bool) -> Event {
        let start = Instant::now();
        loop {
            self.told.extend(self.live.take_events());
            if let Some(place) = self.told.iter().position(&mut is_it) {
                return self.told.drain(..=place).next_back().unwrap();
            }
            assert!(start.elapsed() < PATIENCE, "no {what}: {:?}", self.live.status());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn wait_for_state(&mut self, state: State) -> String {
        let event = self.wait_for(
            &format!("{state:?}"),
            |event| matches!(event, Event::Status(status) if status.state == state),
        );
        let Event::Status(status) = event else { unreachable!() };
        status.why
    }

    fn result(
        &mut self,
        ticket: Ticket,
    ) -> Result<Outcome, okno_catalog::client::live::CommandError> {
        let done =
            self.wait_for("result", |event| matches!(event, Event::Done(of, _) if *of == ticket));
        let Event::Done(_, result) = done else { unreachable!() };
        result
    }

    fn do_it(&mut self, command: Command) -> Outcome {
        let ticket = self.live.send(command).unwrap();
        self.result(ticket).unwrap()
    }
}

#[test]
fn absent_then_here_then_lost_then_back() {
    let (_folder, db) = database();
    // A port that is free now: nobody listens on it until the server starts there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let listen = port.to_string();
    let mut app = App::start(&format!("http://{listen}"));
    let why = app.wait_for_state(State::Absent);
    assert!(why.contains("no catalogue answers"), "{why}");
    let ticket = app.live.send(Command::Delete("x".to_owned())).unwrap();
    assert_eq!(app.result(ticket).unwrap_err().code, Code::Unavailable);

    let mut server = Server::start_with(&db, &["--listen", &listen], |_| {});
    app.live.retry_now();
    app.wait_for_state(State::Here);
    let Outcome::Added(id) = app.do_it(Command::Add(product("Cup", 0.1))) else { panic!() };
    eventually("the product is in the snapshot", || {
        app.live.read(|snapshot| snapshot.get(&id).is_some())
    });

    server.kill();
    app.wait_for_state(State::Lost);
    // What was last known stays to be shown.
    assert_eq!(app.live.read(|snapshot| snapshot.len()), 1);
    // Changed while nobody was connected: the snapshot must follow.
    let server = Server::start_with(&db, &["--listen", "127.0.0.1:0"], |_| {});
    assert!(cli(&server, &["del", &id]).status.success());
    assert!(cli(&server, &["add", "Lamp", "--price", "2"]).status.success());
    drop(server);
    let _server = Server::start_with(&db, &["--listen", &listen], |_| {});
    app.live.retry_now();
    app.wait_for_state(State::Back);
    let names = app.live.read(|snapshot| {
        let names = snapshot.items().filter_map(|item| Some(item.product.as_ref()?.name.clone()));
        names.collect::<Vec<_>>()
    });
    assert_eq!(names, ["Lamp"]);
}

#[test]
fn a_server_that_stands_still_is_slow_then_lost_and_comes_back() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let mut app = App::start(&server.url());
    app.wait_for_state(State::Here);
    server.signal("-STOP");
    let why = app.wait_for_state(State::Slow);
    assert!(why.contains("slow"), "{why}");
    server.signal("-CONT");
    app.wait_for_state(State::Here);
    server.signal("-STOP");
    app.wait_for_state(State::Lost);
    server.signal("-CONT");
    app.live.retry_now();
    app.wait_for_state(State::Back);
    app.wait_for_state(State::Here);
}

#[test]
fn commands_and_the_changes_of_others_arrive() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let mut app = App::start(&server.url());
    app.wait_for_state(State::Here);
    let added = cli(&server, &["add", "Lamp", "--price", "5"]);
    let id = stdout(&added).trim().to_owned();
    app.wait_for(
        "the other's product",
        |event| matches!(event, Event::Put(item) if item.product.as_ref().unwrap().id == id),
    );
    let update = UpdateProductRequest {
        id: id.clone(),
        price: Some(6.5),
        ..UpdateProductRequest::default()
    };
    let Outcome::Changed(item) = app.do_it(Command::Update(update)) else { panic!() };
    assert_eq!(item.product.unwrap().price.to_bits(), 6.5_f32.to_bits());
    let (pinned, stream) = (id.clone(), "camera".to_owned());
    app.do_it(Command::Pin { id: pinned, stream });
    eventually("pinned", || app.live.read(|snapshot| snapshot.pinned("camera").len() == 1));
    let Outcome::Deleted(product) = app.do_it(Command::Delete(id.clone())) else { panic!() };
    assert_eq!(product.name, "Lamp");
    eventually("deleted", || app.live.read(|snapshot| snapshot.is_empty()));
    let Outcome::Changed(item) = app.do_it(Command::Restore(id.clone())) else { panic!() };
    assert_eq!(item.streams, ["camera"]);
    let Outcome::Found(items) = app.do_it(Command::Search("lam".to_owned())) else { panic!() };
    assert_eq!(items.len(), 1);
    let ticket = app.live.send(Command::Delete("nobody".to_owned())).unwrap();
    assert_eq!(app.result(ticket).unwrap_err().code, Code::NotFound);
    assert!(cli(&server, &["unpin", &id, "camera"]).status.success(), "{}", stderr(&added));
    eventually("unpinned", || app.live.read(|snapshot| snapshot.pinned("camera").is_empty()));
}

#[test]
fn it_wakes_once_and_its_queue_is_bounded() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let mut app = App::start(&server.url());
    app.wait_for_state(State::Here);
    let _ = app.live.take_events();
    let before = app.woken.load(Ordering::Relaxed);
    for _ in 0..MAX_COMMANDS {
        app.live.send(Command::Add(product("a", 1.0))).unwrap();
    }
    // Results that were not taken count too.
    app.live.send(Command::Add(product("a", 1.0))).unwrap_err();
    eventually("all are there", || app.live.read(|snapshot| snapshot.len() == MAX_COMMANDS));
    assert_eq!(app.woken.load(Ordering::Relaxed), before + 1);
    let mut done = 0;
    while done < MAX_COMMANDS {
        app.wait_for("result", |event| matches!(event, Event::Done(..)));
        done += 1;
    }
    app.live.send(Command::Add(product("a", 1.0))).unwrap();
}

#[test]
fn dropping_it_ends_its_thread_even_with_a_stuck_server() {
    let (_folder, db) = database();
    let server = Server::start(&db);
    let mut app = App::start(&server.url());
    app.wait_for_state(State::Here);
    server.signal("-STOP");
    app.live.send(Command::Add(product("a", 1.0))).unwrap();
    let start = Instant::now();
    drop(app);
    // A second is what closing a window may take; a call alone would take ten.
    assert!(start.elapsed() < Duration::from_secs(5));
    server.signal("-CONT");
}
