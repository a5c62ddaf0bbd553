//! `okno-screenshot FILE.png`: the window on an X server's screen as a PNG.
//!
//! In: $DISPLAY. Out: a picture of the largest window, or of the whole screen if there is none.
//! For the demonstration and the pictures in the documentation.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::process::ExitCode;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ConnectionExt as _, Drawable, GetGeometryReply, ImageFormat, MapState,
};

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else {
        eprintln!("usage: okno-screenshot FILE.png");
        return ExitCode::from(2);
    };
    match take(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("okno-screenshot: {}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}

fn take(path: &std::ffi::OsStr) -> Result<(), Box<dyn Error>> {
    let (connection, screen) = x11rb::connect(None)?;
    let root = connection.setup().roots[screen].root;
    let mut best: Option<(Drawable, GetGeometryReply)> = None;
    for window in connection.query_tree(root)?.reply()?.children {
        let visible = connection.get_window_attributes(window)?.reply()?.map_state;
        let size = connection.get_geometry(window)?.reply()?;
        let area = |g: &GetGeometryReply| u32::from(g.width) * u32::from(g.height);
        if visible == MapState::VIEWABLE && best.as_ref().is_none_or(|(_, b)| area(&size) > area(b))
        {
            best = Some((window, size));
        }
    }
    let (window, size) = match best {
        Some(best) => best,
        None => (root, connection.get_geometry(root)?.reply()?),
    };
    let image = connection
        .get_image(ImageFormat::Z_PIXMAP, window, 0, 0, size.width, size.height, u32::MAX)?
        .reply()?;
    if image.data.len() != usize::from(size.width) * usize::from(size.height) * 4 {
        return Err("the screen has no 32-bit pixels; run Xvfb with -screen 0 1600x1000x24".into());
    }
    // X servers of little-endian machines give blue, green, red, unused.
    let rgb: Vec<u8> =
        image.data.chunks_exact(4).flat_map(|bgrx| [bgrx[2], bgrx[1], bgrx[0]]).collect();
    let out = BufWriter::new(File::create(path)?);
    let mut encoder = png::Encoder::new(out, size.width.into(), size.height.into());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(())
}
