//! `Catalog`: the products of the catalogue as a list, and what can be done with them, for QML.
//!
//! In: letters from [`crate::catalog`], calls from QML. Out: changes of rows, properties,
//! signals. Never waits: every call queues an order and returns; what came of it is a signal.

use std::pin::Pin;
use std::sync::Arc;

use cxx_qt::{CxxQtType as _, Threading as _};
use cxx_qt_lib::{QModelIndex, QString, QVariant};
use okno_catalog::client::live::State;
use okno_catalog::proto::ecommerce::Product;
use okno_catalog::proto::okno::v1::Item;
use okno_catalog::{check, price};

use super::shell;
use crate::catalog::{Change, Deed, Order, Report};
use crate::core::core;

#[cxx_qt::bridge]
pub mod ffi {
    unsafe extern "C++" {
        include!(<QtCore/QAbstractListModel>);
        // Declared once for the program: two declarations would give its casts twice.
        type QAbstractListModel = crate::bridge::stream_model::ffi::QAbstractListModel;
        include!("cxx-qt-lib/qstring.h");
        type QString = cxx_qt_lib::QString;
        include!("cxx-qt-lib/qvariant.h");
        type QVariant = cxx_qt_lib::QVariant;
        include!("cxx-qt-lib/qmodelindex.h");
        type QModelIndex = cxx_qt_lib::QModelIndex;
        include!("cxx-qt-lib/qhash.h");
        type QHash_i32_QByteArray = cxx_qt_lib::QHash<cxx_qt_lib::QHashPair_i32_QByteArray>;
        include!("cxx-qt-lib/qlist.h");
        type QList_i32 = cxx_qt_lib::QList<i32>;
    }

    #[auto_cxx_name]
    extern "RustQt" {
        /// The products of the catalogue, by name, or what `search` finds. Roles: productId,
        /// name, description, price (text with at least two decimals), streams (names of the
        /// streams that it is pinned to, one a line), revision (number of its last change).
        /// Properties: `state` (CatalogState) and `message`, why it is so; `address`; `search`,
        /// the text that is looked for; `incomplete`, whether there are more products than the
        /// list shows; `pending`, orders that were not answered yet; `pinRevision`, which
        /// changes when `pinnedTo` may answer differently.
        #[qobject]
        #[qml_element]
        #[qml_singleton]
        #[base = QAbstractListModel]
        #[qproperty(i32, count, READ, NOTIFY)]
        #[qproperty(i32, state, READ, NOTIFY = state_changed)]
        #[qproperty(QString, message, READ, NOTIFY = state_changed)]
        #[qproperty(QString, address, READ, CONSTANT)]
        #[qproperty(QString, search, READ, NOTIFY = state_changed)]
        #[qproperty(bool, incomplete, READ, NOTIFY = state_changed)]
        #[qproperty(i32, pending, READ, NOTIFY = state_changed)]
        #[qproperty(i32, pin_revision, READ, NOTIFY)]
        type Catalog = super::CatalogRust;

        /// A property changed, other than `count` and `pinRevision`.
        #[qsignal]
        fn state_changed(self: Pin<&mut Catalog>);

        /// Something was done: "add", "update", "remove", "restore", "pin" or "unpin".
        #[qsignal]
        fn done(self: Pin<&mut Catalog>, action: &QString, product_id: &QString, name: &QString);

        /// It was not done, or something else went wrong (action is empty); `message` is a
        /// sentence for a person.
        #[qsignal]
        fn failed(
            self: Pin<&mut Catalog>,
            action: &QString,
            product_id: &QString,
            message: &QString,
        );

        #[qinvokable]
        #[cxx_override]
        fn data(self: &Catalog, index: &QModelIndex, role: i32) -> QVariant;

        #[qinvokable]
        #[cxx_override]
        fn role_names(self: &Catalog) -> QHash_i32_QByteArray;

        #[qinvokable]
        #[cxx_override]
        fn row_count(self: &Catalog, parent: &QModelIndex) -> i32;

        /// Connects, unless that was done before.
        #[qinvokable]
        fn open(self: &Catalog);

        /// Tries to connect now rather than after the pause.
        #[qinvokable]
        fn retry(self: &Catalog);

        /// Shows what a text finds; everything if it is empty.
        #[qinvokable]
        fn find(self: Pin<&mut Catalog>, text: &QString);

        /// What is wrong with these as a product, in words; empty if nothing is.
        #[qinvokable]
        fn check(self: &Catalog, name: &QString, description: &QString, price: &QString)
        -> QString;

        /// Adds a product; `price` is a decimal as a person types it.
        #[qinvokable]
        fn add(self: Pin<&mut Catalog>, name: &QString, description: &QString, price: &QString);

        /// Changes a product, if it is still at this revision.
        #[qinvokable]
        fn update(
            self: Pin<&mut Catalog>,
            product_id: &QString,
            revision: f64,
            name: &QString,
            description: &QString,
            price: &QString,
        );

        /// Deletes a product.
        #[qinvokable]
        fn remove(self: Pin<&mut Catalog>, product_id: &QString);

        /// Brings a deleted product back, with its pins.
        #[qinvokable]
        fn undo_remove(self: Pin<&mut Catalog>, product_id: &QString);

        /// Shows a product beside the stream of this name.
        #[qinvokable]
        fn pin(self: Pin<&mut Catalog>, product_id: &QString, stream: &QString);

        /// Takes it away from the stream.
        #[qinvokable]
        fn unpin(self: Pin<&mut Catalog>, product_id: &QString, stream: &QString);

        /// What is pinned to a stream: a list of objects with the roles' names.
        #[qinvokable]
        fn pinned_to(self: &Catalog, stream: &QString) -> QVariant;

        /// The row of a product; -1 if it is not in the list.
        #[qinvokable]
        fn row(self: &Catalog, product_id: &QString) -> i32;
    }

    #[auto_cxx_name]
    unsafe extern "RustQt" {
        #[inherit]
        fn begin_reset_model(self: Pin<&mut Catalog>);
        #[inherit]
        fn end_reset_model(self: Pin<&mut Catalog>);
        #[inherit]
        fn begin_insert_rows(self: Pin<&mut Catalog>, parent: &QModelIndex, first: i32, last: i32);
        #[inherit]
        fn end_insert_rows(self: Pin<&mut Catalog>);
        #[inherit]
        fn begin_remove_rows(self: Pin<&mut Catalog>, parent: &QModelIndex, first: i32, last: i32);
        #[inherit]
        fn end_remove_rows(self: Pin<&mut Catalog>);
        #[inherit]
        fn index(self: &Catalog, row: i32, column: i32, parent: &QModelIndex) -> QModelIndex;
        #[inherit]
        #[qsignal]
        fn data_changed(
            self: Pin<&mut Catalog>,
            top_left: &QModelIndex,
            bottom_right: &QModelIndex,
            roles: &QList_i32,
        );
    }

    impl cxx_qt::Threading for Catalog {}
    impl cxx_qt::Initialize for Catalog {}
}

/// Qt's first role for models of one's own (`Qt::UserRole`), plus one.
const FIRST_ROLE: i32 = 0x101;

const ROLES: [&str; 6] = ["productId", "name", "description", "price", "streams", "revision"];

#[derive(Default)]
pub struct CatalogRust {
    count: i32,
    state: i32,
    message: QString,
    address: QString,
    search: QString,
    incomplete: bool,
    pending: i32,
    pin_revision: i32,
    rows: Vec<Arc<Item>>,
}

impl cxx_qt::Initialize for ffi::Catalog {
    fn initialize(mut self: Pin<&mut Self>) {
        let thread = self.qt_thread();
        let Some(core) = core() else { return };
        self.as_mut().rust_mut().address = QString::from(core.catalog.address());
        core.catalog.attach(Box::new(move || {
            thread.queue(|catalog: Pin<&mut Self>| catalog.read()).is_ok()
        }));
    }
}

impl ffi::Catalog {
    /// Takes the letter that has come.
    fn read(mut self: Pin<&mut Self>) {
        let Some(core) = core() else { return };
        let letter = core.catalog.take();
        for change in letter.changes {
            self.as_mut().change(change);
        }
        let count = int(self.rows.len());
        if self.count != count {
            self.as_mut().rust_mut().count = count;
            self.as_mut().count_changed();
        }
        if letter.pins_changed {
            let next = self.pin_revision.wrapping_add(1);
            self.as_mut().rust_mut().pin_revision = next;
            self.as_mut().pin_revision_changed();
        }
        let mut rust = self.as_mut().rust_mut();
        if let Some(status) = letter.status {
            rust.state = state_number(status.state);
            rust.message = QString::from(&status.why);
        }
        rust.incomplete = letter.cut_off.unwrap_or(rust.incomplete);
        rust.pending = rust.pending.saturating_sub(int(letter.reports.len())).max(0);
        self.as_mut().state_changed();
        for report in letter.reports {
            self.as_mut().tell(&report);
        }
        for failure in letter.failures {
            let none = QString::default();
            self.as_mut().failed(&none, &none, &QString::from(&failure));
        }
    }

    fn change(mut self: Pin<&mut Self>, change: Change) {
        let top = QModelIndex::default();
        match change {
            Change::All(rows) => {
                self.as_mut().begin_reset_model();
                self.as_mut().rust_mut().rows = rows;
                self.end_reset_model();
            }
            Change::Insert(at, item) => {
                self.as_mut().begin_insert_rows(&top, int(at), int(at));
                self.as_mut().rust_mut().rows.insert(at, item);
                self.end_insert_rows();
            }
            Change::Replace(at, item) => {
                self.as_mut().rust_mut().rows[at] = item;
                let index = self.index(int(at), 0, &top);
                self.data_changed(&index, &index, &ffi::QList_i32::default());
            }
            Change::Remove(at) => {
                self.as_mut().begin_remove_rows(&top, int(at), int(at));
                self.as_mut().rust_mut().rows.remove(at);
                self.end_remove_rows();
            }
        }
    }

    fn tell(self: Pin<&mut Self>, report: &Report) {
        let action = QString::from(report.deed.name());
        match &report.result {
            Ok(id) => {
                let name = QString::from(report.deed.product_name());
                self.done(&action, &QString::from(id), &name);
            }
            Err(message) => {
                self.failed(&action, &QString::from(report.deed.id()), &QString::from(message));
            }
        }
    }

    fn open(&self) {
        if let Some(core) = core() {
            core.catalog.open();
        }
    }

    fn retry(&self) {
        if let Some(core) = core() {
            core.catalog.retry();
        }
    }

    fn find(mut self: Pin<&mut Self>, text: &QString) {
        self.as_mut().rust_mut().search = text.clone();
        self.state_changed();
        if let Some(core) = core() {
            core.catalog.order(Order::Find(text.to_string()));
        }
    }

    fn check(&self, name: &QString, description: &QString, price: &QString) -> QString {
        let problem = product("", name, description, price).err();
        problem.map_or_else(QString::default, |why| QString::from(&why))
    }

    fn add(self: Pin<&mut Self>, name: &QString, description: &QString, price: &QString) {
        match product("", name, description, price) {
            Ok(product) => self.order(Deed::Add(product)),
            Err(why) => self.refuse("add", "", &why),
        }
    }

    fn update(
        self: Pin<&mut Self>,
        product_id: &QString,
        revision: f64,
        name: &QString,
        description: &QString,
        price: &QString,
    ) {
        let id = product_id.to_string();
        match product(&id, name, description, price) {
            // Revisions count changes: far below where an f64 loses whole numbers.
            Ok(product) => self.order(Deed::Update(product, revision as u64)),
            Err(why) => self.refuse("update", &id, &why),
        }
    }

    fn remove(self: Pin<&mut Self>, product_id: &QString) {
        let id = product_id.to_string();
        let known = self.rows.iter().filter_map(|item| item.product.as_ref()).find(|p| p.id == id);
        let name = known.map_or_else(String::new, |product| product.name.clone());
        self.order(Deed::Remove { id, name });
    }

    fn undo_remove(self: Pin<&mut Self>, product_id: &QString) {
        self.order(Deed::Restore(product_id.to_string()));
    }

    fn pin(self: Pin<&mut Self>, product_id: &QString, stream: &QString) {
        self.order(Deed::Pin { id: product_id.to_string(), stream: stream.to_string() });
    }

    fn unpin(self: Pin<&mut Self>, product_id: &QString, stream: &QString) {
        self.order(Deed::Unpin { id: product_id.to_string(), stream: stream.to_string() });
    }

    fn pinned_to(&self, stream: &QString) -> QVariant {
        let items = core().map(|core| core.catalog.pinned(&stream.to_string()));
        let list: Vec<_> = items.iter().flatten().map(|item| object(item)).collect();
        shell::variant_from_json(&serde_json::Value::from(list).to_string())
    }

    fn row(&self, product_id: &QString) -> i32 {
        let id = product_id.to_string();
        let row = self.rows.iter().position(|i| i.product.as_ref().is_some_and(|p| p.id == id));
        row.map_or(-1, int)
    }

    fn order(mut self: Pin<&mut Self>, deed: Deed) {
        let Some(core) = core() else { return };
        if core.catalog.order(Order::Do(deed)) {
            self.as_mut().rust_mut().pending += 1;
            self.state_changed();
        }
    }

    fn refuse(self: Pin<&mut Self>, action: &str, id: &str, why: &str) {
        self.failed(&QString::from(action), &QString::from(id), &QString::from(why));
    }

    fn data(&self, index: &QModelIndex, role: i32) -> QVariant {
        let item = usize::try_from(index.row()).ok().and_then(|row| self.rows.get(row));
        let Some((item, product)) = item.and_then(|item| Some((item, item.product.as_ref()?)))
        else {
            return QVariant::default();
        };
        let text = |text: &str| QVariant::from(&QString::from(text));
        match role - FIRST_ROLE {
            0 => text(&product.id),
            1 => text(&product.name),
            2 => text(&product.description),
            3 => text(&price::show(product.price)),
            4 => text(&item.streams.join("\n")),
            5 => QVariant::from(&(item.revision as f64)),
            _ => QVariant::default(),
        }
    }

    fn role_names(&self) -> ffi::QHash_i32_QByteArray {
        super::role_names(FIRST_ROLE, &ROLES)
    }

    fn row_count(&self, parent: &QModelIndex) -> i32 {
        // A list has no rows below its rows.
        if parent.is_valid() { 0 } else { int(self.rows.len()) }
    }
}

/// A product as a person typed it.
fn product(
    id: &str,
    name: &QString,
    description: &QString,
    price: &QString,
) -> Result<Product, String> {
    let mut product = Product {
        id: id.to_owned(),
        name: name.to_string().trim().to_owned(),
        description: description.to_string(),
        price: 0.0,
    };
    check::name(&product.name).map_err(|bad| bad.to_string())?;
    product.price = price::parse(&price.to_string()).map_err(|bad| bad.to_string())?;
    check::product(&product).map_err(|bad| bad.to_string())?;
    Ok(product)
}

/// An item as QML gets it.
fn object(item: &Item) -> serde_json::Value {
    let product = item.product.clone().unwrap_or_default();
    serde_json::json!({
        "productId": product.id,
        "name": product.name,
        "description": product.description,
        "price": price::show(product.price),
        "streams": item.streams.join("\n"),
        "revision": item.revision,
    })
}

/// The values of cpp/catalog_state.h; 0 is for a catalogue that nobody asked for.
const fn state_number(state: State) -> i32 {
    match state {
        State::Connecting => 1,
        State::Absent => 2,
        State::Here => 3,
        State::Slow => 4,
        State::Lost => 5,
        State::Back => 6,
    }
}

/// A client keeps fewer products than this can count.
fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
