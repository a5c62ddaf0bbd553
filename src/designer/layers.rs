//! Which file stands for a file of the interface: the first layer's that has it.
//!
//! In: paths as Qt asks for them, `:/qt/qml/Okno/...` for what is shipped and absolute paths for
//! files. Out: the path to read instead. Never: `Okno/Host` and `Okno/Backend`, a file outside of
//! its layer, or native code. Called from several of Qt's threads.

use std::fs::File;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Where the shipped files are among Qt's resources.
pub const SHIPPED: &str = ":/qt/qml/";

/// Modules that no layer replaces: the window that shows what is wrong with the others, and the
/// types that are made of Rust and C++.
const FIXED: [&str; 2] = ["Host", "Backend"];

/// Longest qmldir that is read: the shipped ones have a few hundred bytes.
const MAX_QMLDIR: u64 = 64 * 1024;

/// Refusals that are told once each; after these, none is told any more.
const MAX_TOLD: usize = 64;

/// Folders that hold an `Okno` folder each. Both lists hold canonical paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    /// Stand before the shipped files, the first one foremost.
    pub front: Vec<PathBuf>,
    /// Packs of themes: what they lack is looked up in `front` and in the shipped files.
    pub themes: Vec<PathBuf>,
}

static LAYERS: RwLock<Option<Arc<Layers>>> = RwLock::new(None);
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// From now on these layers are used. What has been loaded already stays.
pub fn set(layers: Layers) {
    let layers = (layers != Layers::default()).then(|| Arc::new(layers));
    *LAYERS.write().unwrap_or_else(PoisonError::into_inner) = layers;
}

/// What to read in place of `asked`, in the same notation; empty: `asked` itself.
pub fn redirect(asked: &str) -> String {
    let layers = LAYERS.read().unwrap_or_else(PoisonError::into_inner).clone();
    layers.and_then(|layers| layers.redirect(asked)).unwrap_or_default()
}

impl Layers {
    fn redirect(&self, asked: &str) -> Option<String> {
        if let Some(name) = asked.strip_prefix(SHIPPED) {
            return self.find(name);
        }
        // A file of a layer may name its neighbours, which the layer need not have.
        let path = Path::new(asked);
        let mut roots = self.front.iter().chain(&self.themes);
        let (root, name) = roots.find_map(|root| Some((root, path.strip_prefix(root).ok()?)))?;
        let name = name.to_str().filter(|name| name.starts_with("Okno/"))?;
        if has(root, name).is_some() {
            return None;
        }
        Some(self.find(name).unwrap_or_else(|| format!("{SHIPPED}{name}")))
    }

    fn find(&self, name: &str) -> Option<String> {
        let found = self.front.iter().find_map(|root| has(root, name))?;
        Some(found.to_str()?.to_owned())
    }
}

/// The file `name` ("Okno/Wall/WallTile.qml") of a layer, if it has it and may have it.
fn has(root: &Path, name: &str) -> Option<PathBuf> {
    let mut parts = Path::new(name).components();
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if !Path::new(name).components().all(plain)
        || parts.next()?.as_os_str() != "Okno"
        || FIXED.iter().any(|fixed| parts.clone().next().is_some_and(|m| m.as_os_str() == *fixed))
    {
        return None;
    }
    let path = root.join(name).canonicalize().ok()?;
    if !path.starts_with(root) {
        tell(format!("{}: a link that leads out of {}", root.join(name).display(), root.display()));
        return None;
    }
    if !path.is_file() {
        return None;
    }
    if path.file_name().is_some_and(|file| file == "qmldir") && names_plugin(&path) {
        tell(format!("{}: names a plugin; native code is not loaded", path.display()));
        return None;
    }
    Some(path)
}

/// Whether a qmldir would have Qt load a library. What can't be read whole counts as one.
fn names_plugin(qmldir: &Path) -> bool {
    let mut text = String::new();
    let read = File::open(qmldir).and_then(|file| file.take(MAX_QMLDIR).read_to_string(&mut text));
    match read {
        Ok(length) if (length as u64) < MAX_QMLDIR => text.lines().any(|line| {
            let mut words = line.split_whitespace();
            matches!(words.next(), Some("plugin" | "linktarget"))
                || (line.trim_start().starts_with("optional") && words.next() == Some("plugin"))
        }),
        _ => true,
    }
}

/// Logs a refusal, the first time.
fn tell(what: String) {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if told.len() < MAX_TOLD && !told.contains(&what) {
        log::warn!("not used: {what}");
        told.push(what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    /// Two layers, a pack of themes, and a file that is none of theirs.
    struct Ground {
        top: PathBuf,
        layers: Layers,
    }

    impl Ground {
        fn new(name: &str) -> Self {
            let top =
                std::env::temp_dir().join(format!("okno-layers-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&top);
            fs::create_dir_all(&top).expect("a folder");
            let top = top.canonicalize().expect("its path");
            let layer = |name: &str| top.join(name);
            let layers =
                Layers { front: vec![layer("one"), layer("two")], themes: vec![layer("theme")] };
            Self { top, layers }
        }

        fn file(&self, name: &str, text: &str) -> String {
            let path = self.top.join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            fs::write(&path, text).expect("a file");
            path.to_str().expect("UTF-8").to_owned()
        }

        fn asked(&self, path: &str) -> Option<String> {
            self.layers.redirect(path)
        }
    }

    impl Drop for Ground {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.top);
        }
    }

    #[test]
    fn the_first_layer_that_has_it() {
        let ground = Ground::new("first");
        let two = ground.file("two/Okno/Wall/WallTile.qml", "");
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/WallTile.qml"), Some(two));
        let one = ground.file("one/Okno/Wall/WallTile.qml", "");
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/WallTile.qml"), Some(one));
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/WallGrid.qml"), None);
    }

    #[test]
    fn what_a_layer_lacks_comes_from_behind_it() {
        let ground = Ground::new("lacks");
        let own = ground.file("one/Okno/Shell/Shell.qml", "");
        let two = ground.file("two/Okno/Wall/order.js", "");
        let lacks = |name: &str| format!("{}/one/{name}", ground.top.display());
        assert_eq!(ground.asked(&own), None);
        assert_eq!(ground.asked(&lacks("Okno/Wall/order.js")), Some(two));
        let shipped = ":/qt/qml/Okno/Wall/layout.js".to_owned();
        assert_eq!(ground.asked(&lacks("Okno/Wall/layout.js")), Some(shipped));
        let icon = format!("{}/theme/Okno/Theme/icons/x.svg", ground.top.display());
        assert_eq!(ground.asked(&icon), Some(":/qt/qml/Okno/Theme/icons/x.svg".to_owned()));
        assert_eq!(ground.asked("/usr/lib/qt6/qml/QtQuick/qmldir"), None);
    }

    #[test]
    fn host_and_backend_stay() {
        let ground = Ground::new("fixed");
        ground.file("one/Okno/Host/Main.qml", "");
        ground.file("one/Okno/Backend/qmldir", "");
        assert_eq!(ground.asked(":/qt/qml/Okno/Host/Main.qml"), None);
        assert_eq!(ground.asked(":/qt/qml/Okno/Backend/qmldir"), None);
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/../Host/Main.qml"), None);
        assert_eq!(ground.asked(":/qt/qml/Okno/./Host/Main.qml"), None);
    }

    #[test]
    fn nothing_outside_of_the_layer() {
        let ground = Ground::new("outside");
        let secret = ground.file("secret.qml", "");
        let inside = ground.file("one/Okno/Wall/Own.qml", "");
        symlink(&secret, ground.top.join("one/Okno/Wall/Out.qml")).expect("a link");
        symlink(&ground.top, ground.top.join("one/Okno/Away")).expect("a link");
        symlink(&inside, ground.top.join("one/Okno/Wall/In.qml")).expect("a link");
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/Out.qml"), None);
        assert_eq!(ground.asked(":/qt/qml/Okno/Away/secret.qml"), None);
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/../../../secret.qml"), None);
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/In.qml"), Some(inside));
    }

    #[test]
    fn no_native_code() {
        let ground = Ground::new("plugin");
        let good =
            ground.file("one/Okno/Wall/qmldir", "module Okno.Wall\nWallTile 1.0 WallTile.qml\n");
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/qmldir"), Some(good));
        for bad in ["plugin evil", "  optional plugin evil ../..", "plugin\tevil"] {
            ground.file("one/Okno/Focus/qmldir", &format!("module Okno.Focus\n{bad}\n"));
            assert_eq!(ground.asked(":/qt/qml/Okno/Focus/qmldir"), None, "{bad}");
        }
    }

    #[test]
    fn folders_are_no_files() {
        let ground = Ground::new("folders");
        ground.file("one/Okno/Wall/WallTile.qml", "");
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall"), None);
        assert_eq!(ground.asked(":/qt/qml/Okno/Wall/"), None);
    }
}
