//! Tests: what real Pythons wrote, and what nobody but an attacker would.

#![allow(clippy::unwrap_used)]

use super::{read, write};

const REAL: &str = include_str!("fixtures/pickles.txt");

fn picture() -> Vec<u8> {
    (0..=255).rev().collect()
}

fn unhex(digits: &str) -> Vec<u8> {
    let bytes = digits.as_bytes().chunks(2);
    bytes.map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

/// What a real Python wrote: description, pickle.
fn real() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    REAL.lines().map(|line| {
        let (what, digits) = line.rsplit_once(' ').unwrap();
        (what, unhex(digits))
    })
}

fn refused(pickle: &[u8]) -> String {
    read(pickle).expect_err("a pickle that no original client sends").to_string()
}

#[test]
fn reads_what_pythons_and_numpys_write() {
    let mut count = 0;
    for (what, pickle) in real() {
        assert_eq!(read(&pickle).as_deref(), Ok(&picture()[..]), "{what}");
        count += 1;
    }
    assert_eq!(count, 5 * 3 * 6, "Pythons, kinds, protocols");
}

#[test]
fn writes_byte_for_byte_what_the_original_writes() {
    let mut pickle = Vec::new();
    write(&picture(), &mut pickle);
    let before = pickle.clone();
    for python in ["3.8.18 1.24.4", "3.9.18 1.22.4", "3.11.7 1.26.4"] {
        let name = format!("{python} array 0");
        let (_, original) = real().find(|(what, _)| *what == name).unwrap();
        assert_eq!(original.escape_ascii().to_string(), pickle.escape_ascii().to_string());
    }
    assert_eq!(read(&before).unwrap(), picture());
}

#[test]
fn any_part_of_a_pickle_is_refused_and_any_changed_byte_at_least_harmless() {
    for (what, pickle) in real() {
        for end in 0..pickle.len() {
            assert!(read(&pickle[..end]).is_err(), "{what}: {end} bytes");
        }
        assert!(read(&[&pickle[..], b"."].concat()).is_err(), "{what}: more after the end");
        for at in 0..pickle.len() {
            for change in [1, 0x20, 0x80, 0xFF] {
                let mut other = pickle.clone();
                other[at] ^= change;
                // Pixels may be anything; but never more than came.
                assert!(read(&other).map_or(0, |bytes| bytes.len()) <= other.len());
            }
        }
    }
}

#[test]
fn nothing_is_called() {
    // What pickle.loads would run: os.system("touch /tmp/x"), in protocols 0, 2 and 4.
    let zero = b"cposix\nsystem\np0\n(Vtouch /tmp/x\np1\ntp2\nRp3\n.";
    assert_eq!(
        refused(zero),
        "the name posix.system at byte 14 of a picture's pickle, where no original client has it"
    );
    let two = b"\x80\x02cposix\nsystem\nq\x00X\x0c\x00\x00\x00touch /tmp/xq\x01\x85q\x02Rq\x03.";
    assert!(refused(two).contains("the name posix.system"));
    let four = b"\x80\x04\x95\x29\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x0ctouch /tmp/x\x94\x85\x94R\x94.";
    assert!(refused(four).contains("the name posix.system"));
    for opcode in [
        // INST, OBJ, NEWOBJ, NEWOBJ_EX, PERSID, BINPERSID, EXT1, NEXT_BUFFER, DICT, LIST, LONG4.
        &b"(S'ls'\nios\nsystem\n."[..],
        b"(cos\nsystem\nS'ls'\no.",
        b"c__builtin__\neval\n)\x81.",
        b"c__builtin__\neval\n)}\x92.",
        b"Pid\n.",
        b"K\x01Q.",
        b"\x82\x01.",
        b"\x97.",
        b"(d.",
        b"(l.",
        b"\x8b\xff\xff\xff\x7f.",
    ] {
        refused(opcode);
    }
}

#[test]
fn known_names_make_nothing_but_pictures() {
    for pickle in [
        // An encoder of another kind: zlib would blow up what came in.
        &b"c_codecs\nencode\n(Vx\nVzlib\ntR."[..],
        // A type that holds objects.
        b"cnumpy\ndtype\n(VO8\nI00\nI01\ntR.",
        // An array as large as all memory.
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I9999999999\ntc_codecs\nencode\n(Vb\nVlatin1\ntRtR.",
        // The class itself, called.
        b"cnumpy\nndarray\n(I9\ntR.",
        // Only a name, only a tuple, only a number, nothing.
        b"cnumpy\nndarray\n.",
        b"(I1\nt.",
        b"I1\n.",
        b".",
        b"",
        // A text is no bytes.
        b"VABC\n.",
        // Two values.
        b"C\x01aC\x01b.",
    ] {
        refused(pickle);
    }
}

#[test]
fn lengths_that_are_not_there_take_no_memory() {
    for pickle in [
        &b"\x80\x05\x96\xff\xff\xff\xff\xff\xff\xff\xffabc"[..],
        b"\x80\x05\x96\xff\xff\xff\xff\xff\xff\xff\x7fabc",
        b"B\xff\xff\xff\xffabc",
        b"X\xff\xff\xff\xffabc",
        b"C\xffabc",
        b"\x8c\xffabc",
        b"I99999999999999999999\n.",
        b"p99999999999999999999\n.",
    ] {
        refused(pickle);
    }
    let (_, mut pickle) = real().find(|(what, _)| what.ends_with("array 0")).unwrap();
    let at = pickle.windows(5).position(|part| part == b"(I256").unwrap() + 2;
    pickle.splice(at..at + 3, *b"99999999");
    assert!(refused(&pickle).contains("a picture of another length than 256"));
}

#[test]
fn neither_depth_nor_memory_can_be_piled_up() {
    refused(&[b'('; 100_000]);
    refused(&[b'N'; 100_000]);
    refused(&b"\x80\x02".repeat(50_000));
    // Each tuple holds the one before it.
    refused(&[&b"N"[..], &[0x85; 100_000]].concat());
    // Each tuple holds the one before it eight times, by way of the memo.
    let mut bomb = b"(NNNNNNNNtp0\n".to_vec();
    for number in 0..30 {
        bomb.push(b'(');
        bomb.extend(format!("g{number}\n").repeat(8).bytes());
        bomb.extend(format!("tp{}\n", number + 1).bytes());
    }
    refused(&[&bomb[..], b"."].concat());
    // A far place in the memo must not make room for those before it.
    refused(b"Np4000000000\n.");
    refused(b"Nq\xffg0\n.");
    // A long name, and a line without an end.
    refused(&[&b"c"[..], &[b'a'; 100_000], b"\n\n."].concat());
    refused(&[b"V", &[b'a'; 100_000][..]].concat());
}

#[test]
fn escapes_are_those_of_bytes() {
    let bytes = |text: &str| read(format!("c_codecs\nencode\n(V{text}\nVlatin1\ntR.").as_bytes());
    assert_eq!(bytes("a\\u005cb\\u00ff").unwrap(), b"a\\b\xff");
    for text in ["\\u0100", "\\U0001f600", "\\", "\\u00", "\\u00+1", "\\x41", "\\u00zz"] {
        assert!(bytes(text).is_err(), "{text}");
    }
    assert!(read(b"\x80\x02c_codecs\nencode\nX\x02\0\0\0\xc4\x80X\x06\0\0\0latin1\x86R.").is_err());
    assert!(read(b"\x80\x02c_codecs\nencode\nX\x01\0\0\0\xffX\x06\0\0\0latin1\x86R.").is_err());
}
