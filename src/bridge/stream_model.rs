//! `StreamModel`: the list of streams, for QML.
//!
//! In: rows as the sampler makes them. Out: a list model that changes as little as it can, so
//! that no delegate is made anew for a figure. Runs a few times a second, never per frame.

use std::pin::Pin;

use cxx_qt::{CxxQtType as _, Threading as _};
use cxx_qt_lib::{QModelIndex, QString, QVariant};
use okno_session::{Figures, StreamId};

use super::frame_server::to_qml;
use crate::core::core;
use crate::sampler::Row;

#[cxx_qt::bridge]
pub mod ffi {
    unsafe extern "C++Qt" {
        include!(<QtCore/QAbstractListModel>);
        #[qobject]
        type QAbstractListModel;
    }

    unsafe extern "C++" {
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

    extern "RustQt" {
        /// The streams in the order of the wall. Roles: streamId, name, peer, format, state
        /// (StreamState), frameWidth and frameHeight (pixels as sent), fps (received),
        /// latencyMs (capture to screen, median; -1 unknown), bitrate (bit/s), dropped,
        /// invalid, quietSeconds (since the last frame; -1 before the first), note (why it is
        /// gone, or what was wrong last).
        #[qobject]
        #[qml_element]
        #[qml_singleton]
        #[base = QAbstractListModel]
        #[qproperty(i32, count, READ, NOTIFY)]
        type StreamModel = super::StreamModelRust;

        #[qinvokable]
        #[cxx_override]
        fn data(self: &StreamModel, index: &QModelIndex, role: i32) -> QVariant;

        #[qinvokable]
        #[cxx_override]
        #[cxx_name = "roleNames"]
        fn role_names(self: &StreamModel) -> QHash_i32_QByteArray;

        #[qinvokable]
        #[cxx_override]
        #[cxx_name = "rowCount"]
        fn row_count(self: &StreamModel, parent: &QModelIndex) -> i32;

        /// Moves a stream from one row to another.
        #[qinvokable]
        #[cxx_name = "move"]
        fn move_row(self: Pin<&mut StreamModel>, from: i32, to: i32);

        /// The row of a stream, -1 if it is not in the list.
        #[qinvokable]
        fn row(self: &StreamModel, stream_id: i32) -> i32;

        /// The name of a stream, empty if it is not in the list.
        #[qinvokable]
        #[cxx_name = "nameOf"]
        fn name_of(self: &StreamModel, stream_id: i32) -> QString;
    }

    unsafe extern "RustQt" {
        #[inherit]
        #[cxx_name = "beginInsertRows"]
        fn begin_insert_rows(
            self: Pin<&mut StreamModel>,
            parent: &QModelIndex,
            first: i32,
            last: i32,
        );
        #[inherit]
        #[cxx_name = "endInsertRows"]
        fn end_insert_rows(self: Pin<&mut StreamModel>);
        #[inherit]
        #[cxx_name = "beginRemoveRows"]
        fn begin_remove_rows(
            self: Pin<&mut StreamModel>,
            parent: &QModelIndex,
            first: i32,
            last: i32,
        );
        #[inherit]
        #[cxx_name = "endRemoveRows"]
        fn end_remove_rows(self: Pin<&mut StreamModel>);
        #[inherit]
        #[cxx_name = "beginMoveRows"]
        fn begin_move_rows(
            self: Pin<&mut StreamModel>,
            source_parent: &QModelIndex,
            source_first: i32,
            source_last: i32,
            destination_parent: &QModelIndex,
            destination_child: i32,
        ) -> bool;
        #[inherit]
        #[cxx_name = "endMoveRows"]
        fn end_move_rows(self: Pin<&mut StreamModel>);
        #[inherit]
        fn index(self: &StreamModel, row: i32, column: i32, parent: &QModelIndex) -> QModelIndex;
        #[inherit]
        #[qsignal]
        #[cxx_name = "dataChanged"]
        fn data_changed(
            self: Pin<&mut StreamModel>,
            top_left: &QModelIndex,
            bottom_right: &QModelIndex,
            roles: &QList_i32,
        );
    }

    impl cxx_qt::Threading for StreamModel {}
    impl cxx_qt::Initialize for StreamModel {}
}

/// Qt's first role for models of one's own (`Qt::UserRole`), plus one.
const FIRST_ROLE: i32 = 0x101;

/// Role names; their values are the columns of [`Cells`].
const ROLES: [&str; 14] = [
    "streamId",
    "name",
    "peer",
    "format",
    "state",
    "frameWidth",
    "frameHeight",
    "fps",
    "latencyMs",
    "bitrate",
    "dropped",
    "invalid",
    "quietSeconds",
    "note",
];

#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Int(i32),
    Real(f64),
    Text(String),
}

type Cells = [Cell; ROLES.len()];

#[derive(Default)]
pub struct StreamModelRust {
    count: i32,
    rows: Vec<(StreamId, Cells)>,
}

impl cxx_qt::Initialize for ffi::StreamModel {
    fn initialize(self: Pin<&mut Self>) {
        let thread = self.qt_thread();
        if let Some(core) = core() {
            core.sinks.add_rows(Box::new(move |rows| {
                thread.queue(move |model: Pin<&mut Self>| model.show(&rows)).is_ok()
            }));
        }
    }
}

impl ffi::StreamModel {
    /// Brings the list to `rows` with as few changes as it takes.
    fn show(mut self: Pin<&mut Self>, rows: &[Row]) {
        let top = QModelIndex::default();
        for at in (0..self.rows.len()).rev() {
            if !rows.iter().any(|row| row.figures.id == self.rows[at].0) {
                self.as_mut().begin_remove_rows(&top, int(at), int(at));
                self.as_mut().rust_mut().rows.remove(at);
                self.as_mut().end_remove_rows();
            }
        }
        for (at, row) in rows.iter().enumerate() {
            let (id, cells) = (row.figures.id, cells(row));
            match self.rows.iter().position(|(known, _)| *known == id) {
                Some(from) if from == at => self.as_mut().change(at, cells),
                Some(from) => {
                    self.as_mut().shift(from, at);
                    self.as_mut().change(at, cells);
                }
                None => {
                    self.as_mut().begin_insert_rows(&top, int(at), int(at));
                    self.as_mut().rust_mut().rows.insert(at, (id, cells));
                    self.as_mut().end_insert_rows();
                }
            }
        }
        let count = int(self.rows.len());
        if self.count != count {
            self.as_mut().rust_mut().count = count;
            self.count_changed();
        }
    }

    fn change(mut self: Pin<&mut Self>, at: usize, cells: Cells) {
        let old = &self.rows[at].1;
        let mut roles = ffi::QList_i32::default();
        for (i, (new, old)) in cells.iter().zip(old).enumerate() {
            if new != old {
                roles.append(FIRST_ROLE + int(i));
            }
        }
        if roles.is_empty() {
            return;
        }
        self.as_mut().rust_mut().rows[at].1 = cells;
        let index = self.index(int(at), 0, &QModelIndex::default());
        self.data_changed(&index, &index, &roles);
    }

    fn shift(mut self: Pin<&mut Self>, from: usize, to: usize) {
        let top = QModelIndex::default();
        // Qt names the row before which the moved one comes to stand, counted before the move.
        let before = if to > from { to + 1 } else { to };
        if self.as_mut().begin_move_rows(&top, int(from), int(from), &top, int(before)) {
            let row = self.as_mut().rust_mut().rows.remove(from);
            self.as_mut().rust_mut().rows.insert(to, row);
            self.end_move_rows();
        }
    }

    fn move_row(mut self: Pin<&mut Self>, from: i32, to: i32) {
        let len = self.rows.len();
        let inside = |row: i32| usize::try_from(row).ok().filter(|&row| row < len);
        let (Some(from), Some(to)) = (inside(from), inside(to)) else { return };
        if let Some(core) = core() {
            core.hub.move_to(self.rows[from].0, to);
        }
        if from != to {
            self.as_mut().shift(from, to);
        }
    }

    fn row(&self, stream_id: i32) -> i32 {
        self.rows.iter().position(|(id, _)| to_qml(*id) == stream_id).map_or(-1, int)
    }

    fn name_of(&self, stream_id: i32) -> QString {
        let row = self.rows.iter().find(|(id, _)| to_qml(*id) == stream_id);
        match row.map(|(_, cells)| &cells[1]) {
            Some(Cell::Text(name)) => QString::from(name),
            _ => QString::default(),
        }
    }

    fn data(&self, index: &QModelIndex, role: i32) -> QVariant {
        let row = usize::try_from(index.row()).ok().and_then(|row| self.rows.get(row));
        let column = role.checked_sub(FIRST_ROLE).and_then(|c| usize::try_from(c).ok());
        match row.zip(column).and_then(|((_, cells), column)| cells.get(column)) {
            Some(Cell::Int(value)) => QVariant::from(value),
            Some(Cell::Real(value)) => QVariant::from(value),
            Some(Cell::Text(value)) => QVariant::from(&QString::from(value)),
            None => QVariant::default(),
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

fn cells(row: &Row) -> Cells {
    let f = &row.figures;
    let count = |n: u64| Cell::Int(i32::try_from(n).unwrap_or(i32::MAX));
    let rounded = |value: f64, step: f64| Cell::Real((value / step).round() * step);
    [
        Cell::Int(to_qml(f.id)),
        Cell::Text(f.info.name.clone()),
        Cell::Text(f.info.peer.clone()),
        Cell::Text(format_words(f)),
        Cell::Int(f.state as i32),
        count(f.info.width.into()),
        count(f.info.height.into()),
        rounded(row.fps, 0.1),
        f.latency.map_or(Cell::Real(-1.0), |latency| rounded(latency.p50, 0.1)),
        rounded(row.bitrate, 1000.0),
        count(f.dropped),
        count(f.invalid),
        f.quiet_seconds.map_or(Cell::Real(-1.0), |seconds| rounded(seconds, 0.5)),
        Cell::Text(f.info.note.clone()),
    ]
}

/// The format by its name on the wire, and whether its pictures come around the wire.
fn format_words(figures: &Figures) -> String {
    let name = figures.info.format.map_or("", okno_wire::Format::name);
    if figures.shared_memory { format!("{name}, shared memory") } else { name.to_owned() }
}

/// Rows and roles are few.
fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
