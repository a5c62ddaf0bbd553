//! Generates the Rust types of the messages in `proto/`.

fn main() -> std::io::Result<()> {
    let protos = ["video.proto", "okno/v1/stream.proto"].map(|name| format!("../../proto/{name}"));
    for proto in &protos {
        println!("cargo::rerun-if-changed={proto}");
    }
    prost_build::compile_protos(&protos, &["../../proto"])
}
