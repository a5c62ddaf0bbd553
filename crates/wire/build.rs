//! Generates the Rust types of the messages in `proto/`.

fn main() -> std::io::Result<()> {
    let names = ["video.proto", "okno/v1/stream.proto", "okno/v1/call.proto"];
    let protos = names.map(|name| format!("../../proto/{name}"));
    for proto in &protos {
        println!("cargo::rerun-if-changed={proto}");
    }
    prost_build::compile_protos(&protos, &["../../proto"])
}
