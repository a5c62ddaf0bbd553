//! Parts for tests: numbered frames, fake clock, peers

pub mod barcode;
