//! What the catalogue's thread does: takes events from the client and orders from the window.
//!
//! In: kicks of the client, orders. Out: letters for the window. Keeps the list in its order, so
//! that the window only has to make the changes that it is told.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crossbeam_channel::Receiver;
use okno_catalog::client::live::{Command, CommandError, Event, Live, Outcome, Ticket};
use okno_catalog::limits::MAX_PAGE;
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::{Item, UpdateProductRequest};

use super::list::List;
use super::mail::{Desk, Report};

/// From so many changes at once on, making the list anew is less work than changing it.
const MANY: usize = 256;

/// Something that a person does to the catalogue.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Adds a product.
    Add(Product),
    /// Changes a product, if it is still at the revision that the person saw.
    Update(Product, u64),
    /// Deletes a product; the name is for the message.
    Remove { id: String, name: String },
    /// Takes a deletion back.
    Restore(String),
    /// Shows a product beside a stream.
    Pin { id: String, stream: String },
    /// Takes it away again.
    Unpin { id: String, stream: String },
}

impl Deed {
    /// Its name in QML.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Update(..) => "update",
            Self::Remove { .. } => "remove",
            Self::Restore(_) => "restore",
            Self::Pin { .. } => "pin",
            Self::Unpin { .. } => "unpin",
        }
    }

    /// The id of the product that it is about; empty for a new one.
    pub fn id(&self) -> &str {
        match self {
            Self::Add(product) | Self::Update(product, _) => &product.id,
            Self::Remove { id, .. } | Self::Pin { id, .. } | Self::Unpin { id, .. } => id,
            Self::Restore(id) => id,
        }
    }

    /// What a message calls the product, where that is known.
    pub fn product_name(&self) -> &str {
        match self {
            Self::Add(product) | Self::Update(product, _) => &product.name,
            Self::Remove { name, .. } => name,
            Self::Restore(_) | Self::Pin { .. } | Self::Unpin { .. } => "",
        }
    }

    fn command(&self) -> Command {
        match self.clone() {
            Self::Add(product) => Command::Add(product),
            Self::Update(product, revision) => Command::Update(UpdateProductRequest {
                id: product.id,
                name: Some(product.name),
                description: Some(product.description),
                price: Some(product.price),
                if_revision: Some(revision),
            }),
            Self::Remove { id, .. } => Command::Delete(id),
            Self::Restore(id) => Command::Restore(id),
            Self::Pin { id, stream } => Command::Pin { id, stream },
            Self::Unpin { id, stream } => Command::Unpin { id, stream },
        }
    }
}

/// What the window asks of the thread.
#[derive(Clone, Debug)]
pub enum Order {
    /// Writes the state and the whole list, for a new reader.
    ShowAll,
    /// Shows what this text finds; all if it is empty.
    Find(String),
    /// Does something to the catalogue.
    Do(Deed),
}

/// See the module.
pub struct Work {
    live: Arc<Live>,
    desk: Arc<Desk>,
    list: List,
    /// Ids of products that are pinned somewhere.
    pinned: HashSet<String>,
    query: String,
    /// The search that is under way, and whether another one is due after it.
    searching: Option<Ticket>,
    stale: bool,
    deeds: HashMap<Ticket, Deed>,
}

impl Work {
    /// Work for this client.
    pub fn new(live: Arc<Live>, desk: Arc<Desk>) -> Self {
        Self {
            live,
            desk,
            list: List::default(),
            pinned: HashSet::new(),
            query: String::new(),
            searching: None,
            stale: false,
            deeds: HashMap::new(),
        }
    }

    /// Works until nobody gives orders any more.
    pub fn run(&mut self, kicked: &Receiver<()>, orders: &Receiver<Order>) {
        self.show_all();
        loop {
            crossbeam_channel::select! {
                recv(kicked) -> kick => match kick {
                    Ok(()) => self.take_events(),
                    Err(_) => break,
                },
                recv(orders) -> order => match order {
                    Ok(order) => self.follow(order),
                    Err(_) => break,
                },
            }
        }
    }

    fn follow(&mut self, order: Order) {
        match order {
            Order::ShowAll => self.show_all(),
            Order::Find(text) => {
                self.query = text.trim().to_owned();
                if self.query.is_empty() {
                    self.show_snapshot();
                } else {
                    self.search();
                }
            }
            Order::Do(deed) => match self.live.send(deed.command()) {
                Ok(ticket) => {
                    self.deeds.insert(ticket, deed);
                }
                Err(busy) => self.report(deed, Err(busy.to_string())),
            },
        }
    }

    fn take_events(&mut self) {
        let events = self.live.take_events();
        let is_row = |event: &Event| matches!(event, Event::Put(_) | Event::Deleted(_));
        let many = events.iter().filter(|event| is_row(event)).count() > MANY;
        for event in events {
            match event {
                Event::Put(_) | Event::Deleted(_) if many => {}
                Event::Status(status) => {
                    let connected = status.state.is_connected();
                    self.desk.write(|letter| letter.status = Some(status));
                    if connected && self.stale {
                        self.search();
                    }
                }
                Event::Reset => self.reset(),
                Event::Put(item) => self.put(&item),
                Event::Deleted(id) => self.delete(&id),
                Event::Done(ticket, result) => self.done(ticket, result),
            }
        }
        if many {
            self.reset();
        }
    }

    fn show_all(&mut self) {
        let status = self.live.status();
        self.desk.write(|letter| letter.status = Some(status));
        self.reset();
    }

    /// Everything may be different.
    fn reset(&mut self) {
        let (pinned, cut_off) = self.live.read(|copy| {
            let pinned = copy.items().filter(|item| !item.streams.is_empty()).map(|item| id(item));
            (pinned.map(str::to_owned).collect(), copy.is_cut_off())
        });
        self.pinned = pinned;
        self.desk.write(|letter| {
            letter.pins_changed = true;
            letter.cut_off = Some(cut_off);
        });
        if self.query.is_empty() {
            self.show_snapshot();
        } else {
            self.search();
        }
    }

    fn show_snapshot(&mut self) {
        self.stale = false;
        let (items, cut_off) =
            self.live.read(|copy| (copy.items().cloned().collect(), copy.is_cut_off()));
        let change = self.list.show_all(items);
        self.desk.write(|letter| {
            letter.changes.push(change);
            letter.cut_off = Some(cut_off);
        });
    }

    /// Asks for what the query finds; one question at a time.
    fn search(&mut self) {
        self.stale = !self.query.is_empty();
        if self.stale
            && self.searching.is_none()
            && self.live.status().state.is_connected()
            && let Ok(ticket) = self.live.send(Command::Search(self.query.clone()))
        {
            self.searching = Some(ticket);
            self.stale = false;
        }
    }

    fn put(&mut self, item: &Arc<Item>) {
        let pinned = if item.streams.is_empty() {
            self.pinned.remove(id(item))
        } else {
            self.pinned.insert(id(item).to_owned());
            true
        };
        let changes = self.list.put(item);
        // Whether the search finds it now, only the search can say.
        if !self.query.is_empty() {
            self.search();
        }
        self.write_changes(changes, pinned);
    }

    fn delete(&mut self, id: &str) {
        let pinned = self.pinned.remove(id);
        let changes = self.list.delete(id).into_iter().collect();
        self.write_changes(changes, pinned);
    }

    fn write_changes(&mut self, changes: Vec<super::Change>, pinned: bool) {
        let room = self.desk.write(|letter| {
            letter.changes.extend(changes);
            letter.pins_changed |= pinned;
        });
        if !room {
            let all = super::Change::All(self.list.items());
            self.desk.write(|letter| letter.changes.push(all));
        }
    }

    fn done(&mut self, ticket: Ticket, result: Result<Outcome, CommandError>) {
        if self.searching == Some(ticket) {
            self.searching = None;
            self.found(result);
        } else if let Some(deed) = self.deeds.remove(&ticket) {
            let id = deed.id().to_owned();
            let result = result.map(|outcome| match outcome {
                Outcome::Added(id) => id,
                _ => id,
            });
            self.report(deed, result.map_err(|error| error.message));
        }
    }

    fn found(&mut self, result: Result<Outcome, CommandError>) {
        // Meanwhile something else is looked for, or nothing.
        if self.query.is_empty() {
            return;
        }
        match result {
            Ok(Outcome::Found(items)) if !self.stale => {
                let cut_off = items.len() >= MAX_PAGE as usize;
                let change = self.list.show_found(items);
                self.desk.write(|letter| {
                    letter.changes.push(change);
                    letter.cut_off = Some(cut_off);
                });
            }
            Ok(_) => self.search(),
            // It is asked again once the catalogue is back.
            Err(_) if !self.live.status().state.is_connected() => self.stale = true,
            Err(error) => self.desk.fail(error.message),
        }
    }

    fn report(&self, deed: Deed, result: Result<String, String>) {
        self.desk.write(|letter| letter.reports.push(Report { deed, result }));
    }
}

/// The id of an item's product.
pub fn id(item: &Item) -> &str {
    item.product.as_ref().map_or("", |product| &product.id)
}
