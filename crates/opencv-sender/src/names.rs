//! What each stream is called.
//!
//! In: the sources and the names the user gave. Out: one name a source, no two alike, each
//! within the wire's limit. A viewer takes two streams of one name for the same one returning.

use okno_wire::limits::MAX_NAME;

/// Names for `inputs` in order: the given one, else `host:source`; a number is added to one
/// that was there before.
#[must_use]
pub fn stream_names(inputs: &[String], given: &[String], host: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(inputs.len());
    for (i, input) in inputs.iter().enumerate() {
        let base = match given.get(i).or(given.last()).map(|n| n.trim()).filter(|n| !n.is_empty()) {
            Some(name) => name.to_owned(),
            None => format!("{host}:{}", short_source(input)),
        };
        let mut name = shortened(&base, MAX_NAME).to_owned();
        let mut n = 2;
        while names.contains(&name) {
            let suffix = format!(" ({n})");
            name = format!("{}{suffix}", shortened(&base, MAX_NAME - suffix.len()));
            n += 1;
        }
        names.push(name);
    }
    names
}

/// A source as a person would call it: without folders, without a URL's password and query, and
/// a pipeline by its first element.
#[must_use]
pub fn short_source(input: &str) -> String {
    if let Some((first, _)) = input.split_once('!') {
        return first.split_whitespace().next().unwrap_or("pipeline").to_owned();
    }
    if let Some((scheme, rest)) = input.split_once("://") {
        let rest = rest.split(['?', '#']).next().unwrap_or(rest);
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or(authority);
        return format!("{scheme}://{host}{path}");
    }
    if input.starts_with("test:") {
        return "test".into();
    }
    input.rsplit('/').find(|part| !part.is_empty()).unwrap_or(input).to_owned()
}

/// This machine's name.
#[must_use]
pub fn host_name() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .ok()
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "sender".into())
}

/// The longest start of `text` that has at most `most` bytes and cuts no character.
fn shortened(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(inputs: &[&str], given: &[&str]) -> Vec<String> {
        let owned = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        stream_names(&owned(inputs), &owned(given), "pi")
    }

    #[test]
    fn host_and_source_by_default() {
        assert_eq!(names(&["0"], &[]), ["pi:0"]);
        assert_eq!(names(&["/home/a/clip.mp4", "test:64x48"], &[]), ["pi:clip.mp4", "pi:test"]);
        assert_eq!(names(&["a foo=1 ! b ! appsink"], &[]), ["pi:a"]);
    }

    #[test]
    fn a_password_stays_at_home() {
        let shown = short_source("rtsp://me:secret@cam.local:554/live?token=1");
        assert_eq!(shown, "rtsp://cam.local:554/live");
    }

    #[test]
    fn no_two_alike() {
        assert_eq!(names(&["0", "1"], &["l", "r"]), ["l", "r"]);
        assert_eq!(names(&["0", "1", "2"], &["cam"]), ["cam", "cam (2)", "cam (3)"]);
        assert_eq!(names(&["test:", "test:"], &[]), ["pi:test", "pi:test (2)"]);
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let long = "é".repeat(200);
        let all = names(&["0", "1"], &[&long]);
        assert_eq!(all[0].len(), 256);
        assert!(all[1].ends_with(" (2)") && all[1].len() <= 256);
    }
}
