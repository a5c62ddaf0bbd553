//! `Designer`: packs, and files that are edited while the program runs, for QML.
//!
//! In: word from [`crate::designer`]. Out: its states as properties, and signals that say what to
//! load anew. The engine's cache is cleared before each of them.

use std::path::Path;
use std::pin::Pin;

use cxx_qt::{CxxQtType as _, Threading as _};
use cxx_qt_lib::{QString, QVariant};
use serde_json::json;

use super::{engine, shell};
use crate::core::core;
use crate::designer::{Edits, Kind, Order, Pack, State, Word};

#[cxx_qt::bridge]
pub mod ffi {
    unsafe extern "C++" {
        include!("cxx-qt-lib/qstring.h");
        type QString = cxx_qt_lib::QString;
        include!("cxx-qt-lib/qvariant.h");
        type QVariant = cxx_qt_lib::QVariant;
    }

    #[auto_cxx_name]
    extern "RustQt" {
        /// The files of the interface. Properties: `qmlDir`, the folder given with --qml-dir;
        /// `packsAllowed`; `packs`, objects {name, title, author, kind, fault}; `themes`, objects
        /// {name, title, author, source, icons}; `activePack`, the name of the pack in use, empty
        /// for none; `fault`, what keeps the newest files from being shown; `disabled`, which
        /// pack was disabled, and why; `uiState`, what the window before this one left.
        #[qobject]
        #[qml_element]
        #[qml_singleton]
        #[qproperty(QString, qml_dir, READ, CONSTANT)]
        #[qproperty(bool, packs_allowed, READ, CONSTANT)]
        #[qproperty(QVariant, packs, READ, NOTIFY = state_changed)]
        #[qproperty(QVariant, themes, READ, NOTIFY = state_changed)]
        #[qproperty(QString, active_pack, READ, NOTIFY = state_changed)]
        #[qproperty(QString, fault, READ, NOTIFY = state_changed)]
        #[qproperty(QString, disabled, READ, NOTIFY = state_changed)]
        #[qproperty(QString, ui_state, READ, CONSTANT)]
        type Designer = super::DesignerRust;

        /// Any of the properties changed.
        #[qsignal]
        fn state_changed(self: Pin<&mut Designer>);

        /// Tokens or icons changed: the theme has to read them again.
        #[qsignal]
        fn theme_edited(self: Pin<&mut Designer>);

        /// Other files changed: the Shell has to be made anew.
        #[qsignal]
        fn shell_edited(self: Pin<&mut Designer>);

        /// The whole window has to be made anew; `renew` does that.
        #[qsignal]
        fn renewal_wanted(self: Pin<&mut Designer>);

        /// `exportQml` has written the files to `path`, or `reason` says why not.
        #[qsignal]
        fn exported(self: Pin<&mut Designer>, path: &QString, reason: &QString);

        /// Makes the Shell anew from the files as they are.
        #[qinvokable]
        fn reload(self: Pin<&mut Designer>);

        /// Makes everything anew, also what lives as long as the engine.
        #[qinvokable]
        fn reload_all(self: Pin<&mut Designer>);

        /// Makes a new window, which gets `state`; this one stays if that can't be done.
        #[qinvokable]
        fn renew(self: &Designer, state: &QString);

        /// Takes the interface from this pack; empty for the shipped one.
        #[qinvokable]
        fn use_pack(self: Pin<&mut Designer>, name: &QString);

        /// What is wrong with a QML file, as "file:line:column: what"; empty if nothing is.
        #[qinvokable]
        fn check(self: &Designer, url: &QString) -> QString;

        /// What QML complained about last, with its place; empty if nothing.
        #[qinvokable]
        fn last_warning(self: &Designer) -> QString;

        /// No Shell can be made for a new window. Whether it can be tried again at once, without
        /// some of the files.
        #[qinvokable]
        fn shell_failed(self: &Designer, reason: &QString) -> bool;

        /// A new window has its Shell.
        #[qinvokable]
        fn shell_stands(self: &Designer);

        /// `disabled` was read.
        #[qinvokable]
        fn dismiss(self: &Designer);

        /// Opens the file that an error of `check` names with the program that opens such files,
        /// if it is one of those that can be edited.
        #[qinvokable]
        fn open_in_editor(self: &Designer, error: &QString);

        /// Shows the folder for packs in the file manager.
        #[qinvokable]
        fn open_folder(self: &Designer);

        /// Writes the interface's files into a new folder; `exported` follows.
        #[qinvokable]
        fn export_qml(self: &Designer);
    }

    impl cxx_qt::Threading for Designer {}
    impl cxx_qt::Initialize for Designer {}
}

#[derive(Default)]
pub struct DesignerRust {
    qml_dir: QString,
    packs_allowed: bool,
    packs: QVariant,
    themes: QVariant,
    active_pack: QString,
    fault: QString,
    disabled: QString,
    ui_state: QString,
}

impl cxx_qt::Initialize for ffi::Designer {
    fn initialize(mut self: Pin<&mut Self>) {
        let thread = self.qt_thread();
        let Some(core) = core() else { return };
        let state = core.designer.state();
        let mut own = self.as_mut().rust_mut();
        own.qml_dir = state.qml_dir.as_deref().map(path).unwrap_or_default();
        own.packs_allowed = state.packs_allowed;
        own.ui_state = QString::from(&state.ui_state);
        self.as_mut().show(&state);
        core.designer.on_word(Box::new(move |word| {
            thread.queue(move |designer: Pin<&mut Self>| designer.take(word)).is_ok()
        }));
    }
}

impl ffi::Designer {
    fn show(mut self: Pin<&mut Self>, state: &State) {
        let mut own = self.as_mut().rust_mut();
        own.packs = variant(state.packs.iter().map(about_pack).collect());
        own.themes = variant(state.packs.iter().flat_map(about_themes).collect());
        own.active_pack = QString::from(&state.active);
        own.fault = QString::from(&state.fault);
        own.disabled = QString::from(&state.banner);
    }

    fn take(mut self: Pin<&mut Self>, word: Word) {
        match word {
            Word::State => {
                if let Some(core) = core() {
                    self.as_mut().show(&core.designer.state());
                    self.state_changed();
                }
            }
            Word::Edited(edits) => self.load(edits),
            Word::Open(file) => shell::open_path(&path(&file)),
            Word::Exported(Ok(folder)) => self.exported(&path(&folder), &QString::default()),
            Word::Exported(Err(why)) => self.exported(&QString::default(), &QString::from(&why)),
        }
    }

    fn load(mut self: Pin<&mut Self>, edits: Edits) {
        if edits.engine {
            self.renewal_wanted();
            return;
        }
        engine::clear_component_cache();
        if edits.theme {
            self.as_mut().theme_edited();
        }
        if edits.shell {
            self.shell_edited();
        }
    }

    fn reload(self: Pin<&mut Self>) {
        // A window that could not be built has to be tried as a whole.
        let engine = core().is_some_and(|core| !core.designer.state().fault.is_empty());
        self.load(Edits { theme: true, shell: true, engine });
    }

    fn reload_all(self: Pin<&mut Self>) {
        self.renewal_wanted();
    }

    fn renew(&self, state: &QString) {
        if let Some(core) = core() {
            core.designer.change(|own| own.ui_state = state.to_string());
            shell::quit(crate::app::RENEW);
        }
    }

    fn use_pack(self: Pin<&mut Self>, name: &QString) {
        let name = name.to_string();
        if core().is_some_and(|core| core.designer.change(|state| state.try_pack(&name))) {
            self.renewal_wanted();
        }
    }

    fn check(&self, url: &QString) -> QString {
        engine::check_qml(url)
    }

    fn last_warning(&self) -> QString {
        engine::last_warning()
    }

    fn shell_failed(&self, reason: &QString) -> bool {
        let again = core().is_some_and(|core| core.designer.shell_failed(reason.to_string()));
        if again {
            engine::clear_component_cache();
        }
        again
    }

    fn shell_stands(&self) {
        if let Some(core) = core() {
            core.designer.built();
        }
    }

    fn dismiss(&self) {
        if let Some(core) = core() {
            core.designer.change(|state| state.banner.clear());
        }
    }

    fn open_in_editor(&self, error: &QString) {
        if let Some(core) = core() {
            core.designer.order(Order::OpenFile(error.to_string()));
        }
    }

    fn open_folder(&self) {
        if let Some(core) = core() {
            core.designer.order(Order::OpenFolder);
        }
    }

    fn export_qml(&self) {
        if let Some(core) = core() {
            core.designer.order(Order::Export);
        }
    }
}

fn about_pack(pack: &Pack) -> serde_json::Value {
    let kind = match pack.kind {
        Some(Kind::Theme) => "theme",
        Some(Kind::Ui) => "ui",
        None => "",
    };
    json!({ "name": pack.id, "title": pack.title, "author": pack.author, "kind": kind,
            "fault": pack.fault })
}

fn about_themes(pack: &Pack) -> impl Iterator<Item = serde_json::Value> + '_ {
    let icons = url(&pack.folder.join("Okno/Theme/icons/"));
    pack.themes.iter().map(move |theme| {
        json!({ "name": theme.name, "title": theme.title, "author": pack.author,
                "source": url(&theme.tokens), "icons": icons })
    })
}

fn variant(list: Vec<serde_json::Value>) -> QVariant {
    shell::variant_from_json(&serde_json::Value::from(list).to_string())
}

fn path(path: &Path) -> QString {
    QString::from(&path.to_string_lossy().into_owned())
}

fn url(path: &Path) -> String {
    let url = cxx_qt_lib::QUrl::from_local_file(&self::path(path));
    url.to_qstring().to_string()
}
