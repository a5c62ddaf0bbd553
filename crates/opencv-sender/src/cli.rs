//! The command line: flags, their `OKNO_*` variables, and the help that teaches them.
//!
//! In: arguments and environment. Out: [`Cli`]. Never opens or connects anything.

use std::time::Duration;

use clap::{ArgAction, Parser};
use okno_wire::Format;

use crate::values::{self, Codec, Crop, Destination, Flip, Resize, Rotation, Size};

const ABOUT: &str = "Sends a camera, file, URL or test picture to a viewer over TCP";

const LONG_ABOUT: &str = "\
Sends a camera, file, URL or test picture to a viewer over TCP: `cv2.imshow` across the network.

Every frame is captured with OpenCV, encoded as a JPEG and sent. What the viewer sees is the
newest frame: one that can't be sent in time is dropped before it is encoded, and counted.";

const AFTER_HELP: &str = "\
Examples:
  opencv-sender -i test: --to tcp://127.0.0.1:12345      a moving test picture
  opencv-sender -i 0 -n door                             camera 0, shown as \"door\"
  opencv-sender -i clip.mp4 --loop -q 90                 a file at its own pace, for ever

`opencv-sender --help` says more.";

const AFTER_LONG_HELP: &str = "\
Sources (--input):
  0, 1, ...              a camera by number; --list-devices shows them
  /dev/video2            a camera by device
  clip.mp4               a file, played at its own rate; --loop repeats it
  photo.jpg              a still picture, sent once; with --loop, five times a second
  rtsp://..., http://... a network camera or stream
  'a ! b ! appsink'      a GStreamer pipeline (anything with '!')
  test:                  a moving picture with a frame counter, 1280x720 at 30 a second;
                         test:640x360@60 sets size and rate. test:?barcode=1 (and stream=N)
                         burns in a frame number that programs can read, and with live=1
                         frames wait for nobody, as a camera's: measuring aids

What is dropped and what is not:
  A live source (camera, network stream, pipeline) is drained all the time and only its newest
  frame is kept: when the link or the encoder is too slow, older ones are dropped unencoded.
  A file or test picture at its own rate loses nothing on a link that carries it; it waits for
  a moment's hiccup, and drops only when the link or the encoder is really too slow.
  With --fps 0 nothing is dropped at the source: it waits for the pipeline, so N frames in are
  N frames sent to any receiver that reads. (A camera can't wait: there 0 means its own rate.)
  Files and test pictures begin when the viewer is reached, and files wait while it is away.

A source that gives JPEGs (MJPEG files and streams, most USB cameras, pipelines that end in
  `image/jpeg ! appsink`) is sent untouched, unless the picture is resized, cropped, flipped or
  rotated. The statistics count these frames as \"untouched\"; -v says why one was not.

Viewers that speak Okno's own format (--wire okno) grant credits and say at what size and rate
  they show the stream; pictures are scaled down to that unless --fixed is given.

Examples:
  opencv-sender -i test: --to tcp://127.0.0.1:12345
  opencv-sender -i 0 -r 1280x720 -n door --to tcp://192.168.1.20:12345
  opencv-sender -i clip.mp4 --loop -q 90
  opencv-sender -i 0 -i 1 -n left -n right               two cameras, two streams
  opencv-sender -i clip.mp4 --wire be32 --fps 0 --frames 300
  opencv-sender -i 'videotestsrc ! jpegenc ! image/jpeg ! appsink'

Exit codes:
  0    the input ended, or q, --frames or --duration asked to stop
  1    something unexpected
  2    wrong usage
  3    a source can't be opened
  4    the destination can't be reached (with --retry N)
  5    the connection was lost and the retries are used up
  130  SIGINT (Ctrl-C), 143 SIGTERM; both after a clean goodbye

Environment:
  Every flag can be set as OKNO_ and its long name in capitals: OKNO_TO=tcp://10.0.0.5:12345.
  A flag on the command line wins. Several inputs or names in OKNO_INPUT and OKNO_NAME are
  separated by line ends. NO_COLOR, RUST_LOG, OPENCV_LOG_LEVEL, OPENCV_FFMPEG_LOGLEVEL and
  OPENCV_FFMPEG_CAPTURE_OPTIONS are respected.";

/// What the user asked for.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "opencv-sender",
    version,
    about = ABOUT,
    long_about = LONG_ABOUT,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    max_term_width = 100
)]
pub struct Cli {
    /// Camera number, file, URL, GStreamer pipeline, or test: (may be repeated)
    #[arg(
        short,
        long,
        value_name = "SOURCE",
        env = "OKNO_INPUT",
        default_value = "0",
        value_delimiter = '\n',
        help_heading = "What to send"
    )]
    pub input: Vec<String>,

    /// Where the viewer listens
    #[arg(
        long,
        value_name = "tcp://HOST:PORT",
        env = "OKNO_TO",
        default_value = "tcp://127.0.0.1:12345",
        help_heading = "Where to"
    )]
    pub to: Destination,

    /// What the viewer shows as the stream's name [default: hostname:source]
    #[arg(
        short,
        long,
        value_name = "NAME",
        env = "OKNO_NAME",
        value_delimiter = '\n',
        help_heading = "Where to"
    )]
    pub name: Vec<String>,

    /// How frames are put on the connection: okno, or as one of the original programs expects
    /// them (raw, be32, le64, le32), or bare JPEGs (mjpeg)
    #[arg(
        long, value_name = "FORMAT", env = "OKNO_WIRE", default_value = "okno",
        value_parser = values::wire, help_heading = "Where to"
    )]
    pub wire: Format,

    /// Frames per second; 0 is as fast as possible [default: the file's or the camera's own]
    ///
    /// A file is played at this rate. A camera is asked for this rate and held to it.
    #[arg(
        long, value_name = "N", env = "OKNO_FPS", value_parser = values::rate,
        help_heading = "What to send"
    )]
    pub fps: Option<f64>,

    /// Begin again at the end of a file
    #[arg(long = "loop", env = "OKNO_LOOP", help_heading = "What to send")]
    pub repeat: bool,

    /// JPEG quality
    #[arg(
        short, long, value_name = "1-100", env = "OKNO_QUALITY", default_value_t = 80,
        value_parser = clap::value_parser!(u8).range(1..=100), help_heading = "The picture"
    )]
    pub quality: u8,

    /// How frames are compressed: not at all for a viewer on this machine and as JPEG for others
    /// (auto), or always as JPEG
    #[arg(
        long,
        value_name = "CODEC",
        env = "OKNO_CODEC",
        default_value = "auto",
        value_enum,
        help_heading = "The picture"
    )]
    pub codec: Codec,

    /// Size to ask the camera for
    #[arg(
        short, long, value_name = "WxH", env = "OKNO_RESOLUTION",
        value_parser = values::capture_size, help_heading = "The picture"
    )]
    pub resolution: Option<Size>,

    /// Keep only this part of the source's picture
    #[arg(long, value_name = "W:H:X:Y", env = "OKNO_CROP", help_heading = "The picture")]
    pub crop: Option<Crop>,

    /// Turn clockwise, after cropping
    #[arg(
        long,
        value_name = "DEGREES",
        env = "OKNO_ROTATE",
        default_value = "0",
        value_enum,
        help_heading = "The picture"
    )]
    pub rotate: Rotation,

    /// Mirror, after turning
    #[arg(
        long,
        value_name = "DIRECTION",
        env = "OKNO_FLIP",
        value_enum,
        help_heading = "The picture"
    )]
    pub flip: Option<Flip>,

    /// Scale, after cropping and turning: 640x360, 640 (the width) or 50%
    #[arg(long, value_name = "SIZE", env = "OKNO_RESIZE", help_heading = "The picture")]
    pub resize: Option<Resize>,

    /// With --resize WxH: fit into it and keep the proportions
    #[arg(long, env = "OKNO_FIT", requires = "resize", help_heading = "The picture")]
    pub fit: bool,

    /// Always send full size and rate, whatever size the viewer shows the stream at
    #[arg(long, env = "OKNO_FIXED", help_heading = "The picture")]
    pub fixed: bool,

    /// Stop after this many frames of each source
    #[arg(
        long, value_name = "N", env = "OKNO_FRAMES",
        value_parser = clap::value_parser!(u64).range(1..), help_heading = "When to stop"
    )]
    pub frames: Option<u64>,

    /// Stop after this many seconds of sending
    #[arg(
        long, value_name = "SECONDS", env = "OKNO_DURATION", value_parser = values::seconds,
        help_heading = "When to stop"
    )]
    pub duration: Option<Duration>,

    /// How often to try again to reach the viewer, or to find a camera that went away
    /// [default: for ever]
    #[arg(long, value_name = "N", env = "OKNO_RETRY", help_heading = "When to stop")]
    pub retry: Option<u32>,

    /// First pause before trying again; it grows to 1.5 s, or stays if set higher
    #[arg(
        long, value_name = "SECONDS", env = "OKNO_RETRY_DELAY", default_value = "0.25",
        value_parser = values::seconds, help_heading = "When to stop"
    )]
    pub retry_delay: Duration,

    /// How long a viewer may accept nothing of a frame, or not answer at all, before the
    /// connection counts as lost
    #[arg(
        long, value_name = "SECONDS", env = "OKNO_TIMEOUT", default_value = "15",
        value_parser = values::seconds, help_heading = "When to stop"
    )]
    pub timeout: Duration,

    /// Show what is sent in a local window; q ends the program
    #[arg(long, env = "OKNO_PREVIEW", help_heading = "What is said")]
    pub preview: bool,

    /// List the cameras and end (with --json: as JSON)
    #[arg(long, env = "OKNO_LIST_DEVICES", help_heading = "What is said")]
    pub list_devices: bool,

    /// A line of statistics each second, and a summary at the end
    #[arg(long, env = "OKNO_STATS", help_heading = "What is said")]
    pub stats: bool,

    /// Statistics as JSON lines on stdout, the last with "event":"final"
    #[arg(long, env = "OKNO_JSON", help_heading = "What is said")]
    pub json: bool,

    /// Say more; twice: everything
    #[arg(short, long, action = ArgAction::Count, env = "OKNO_VERBOSE", help_heading = "What is said")]
    pub verbose: u8,

    /// Say nothing but why the program failed
    #[arg(long, env = "OKNO_QUIET", conflicts_with = "verbose", help_heading = "What is said")]
    pub quiet: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_flag_has_its_variable() {
        for arg in Cli::command().get_arguments() {
            let Some(long) = arg.get_long() else { continue };
            if matches!(long, "help" | "version") {
                continue;
            }
            let expected = format!("OKNO_{}", long.to_uppercase().replace('-', "_"));
            let variable = arg.get_env().and_then(|v| v.to_str()).unwrap_or_default();
            assert_eq!(variable, expected, "of --{long}");
        }
    }

    #[test]
    fn several_inputs_and_names() {
        let cli = Cli::parse_from(["opencv-sender", "-i", "0", "-i", "a,b.mp4", "-n", "x"]);
        assert_eq!(cli.input, ["0", "a,b.mp4"]);
        assert_eq!(cli.name, ["x"]);
    }
}
