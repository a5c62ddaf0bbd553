//! Generates the Rust types of `proto/okno/v1/relay.proto`.

fn main() -> std::io::Result<()> {
    let proto = "../../proto/okno/v1/relay.proto";
    println!("cargo::rerun-if-changed={proto}");
    prost_build::Config::new().bytes(["."]).compile_protos(&[proto], &["../../proto"])
}
