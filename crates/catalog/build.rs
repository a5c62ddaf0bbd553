//! Generates the Rust types and gRPC stubs of `proto/ecommerce` and `proto/okno/v1/catalog.proto`,
//! and the descriptors that the reflection service hands out.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let protos = ["ecommerce/product_info.proto", "okno/v1/catalog.proto"]
        .map(|name| format!("../../proto/{name}"));
    for proto in &protos {
        println!("cargo::rerun-if-changed={proto}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    tonic_prost_build::configure()
        .file_descriptor_set_path(out.join("catalog_descriptors.bin"))
        .compile_protos(&protos, &["../../proto".to_owned()])?;
    Ok(())
}
