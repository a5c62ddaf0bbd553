//! Which cameras there are.
//!
//! In: the system's description of its video devices. Out: a list. Opens no camera, so that one
//! that is in use is listed as well.

use std::path::Path;

use serde::Serialize;

/// Where Linux describes its video devices.
pub const SYSFS: &str = "/sys/class/video4linux";

/// A video device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Device {
    /// The number to give to `--input`.
    pub number: u32,
    /// Its device file.
    pub path: String,
    /// What the driver calls it.
    pub name: String,
    /// Which of the device's nodes it is. Pictures come from the first, 0; a camera's further
    /// ones often give only metadata.
    pub node: u32,
}

/// The video devices that are described below `root`, by number.
#[must_use]
pub fn list(root: &Path) -> Vec<Device> {
    // No such folder: the kernel knows no video device.
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let mut devices: Vec<_> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("video")?.parse().ok()?;
            let read = |file| std::fs::read_to_string(entry.path().join(file)).unwrap_or_default();
            Some(Device {
                number,
                path: format!("/dev/video{number}"),
                name: read("name").trim().to_owned(),
                node: read("index").trim().parse().unwrap_or(0),
            })
        })
        .collect();
    devices.sort();
    devices
}

/// The list for people.
#[must_use]
pub fn as_text(devices: &[Device]) -> String {
    if devices.is_empty() {
        return "No camera was found. Plug one in, or send a test picture with -i test:\n".into();
    }
    let mut text = String::new();
    for Device { number, path, name, node } in devices {
        let note = if *node == 0 { "" } else { "   (a further node of the camera before)" };
        text += &format!("{number:>3}  {path}  {name}{note}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_by_number_and_ignores_the_rest() {
        let root = std::env::temp_dir().join(format!("okno-devices-{}", std::process::id()));
        for (folder, name, index) in
            [("video10", "B", "0"), ("video2", "A\n", "0"), ("video3", "A", "1"), ("v4l-x", "", "")]
        {
            std::fs::create_dir_all(root.join(folder)).expect("folder");
            std::fs::write(root.join(folder).join("name"), name).expect("file");
            std::fs::write(root.join(folder).join("index"), index).expect("file");
        }
        let devices = list(&root);
        std::fs::remove_dir_all(&root).expect("removed");
        let short: Vec<_> = devices.iter().map(|d| (d.number, d.name.as_str(), d.node)).collect();
        assert_eq!(short, [(2, "A", 0), (3, "A", 1), (10, "B", 0)]);
        assert!(as_text(&devices).contains("  2  /dev/video2  A\n"));
    }

    #[test]
    fn no_devices_is_no_error() {
        assert!(list(Path::new("/nowhere")).is_empty());
        assert!(as_text(&[]).contains("No camera"));
    }
}
