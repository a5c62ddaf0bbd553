//! The shortest working senders, with the real address in them, for the window to offer.
//!
//! In: what kind, and where Okno listens. Out: text to paste into a file or a shell. The longer
//! story is in `docs/send-from-anywhere.md`.

use std::net::SocketAddr;

/// A sender in the language `kind`: "python", "cpp" or "shell"; empty for anything else.
pub fn snippet(kind: &str, to: SocketAddr) -> String {
    let (host, port) = (to.ip(), to.port());
    match kind {
        "python" => format!(
            "import cv2, socket\n\n\
             okno = socket.create_connection((\"{host}\", {port}))\n\
             camera = cv2.VideoCapture(0)\n\
             while camera.isOpened():\n    \
                 ok, frame = camera.read()\n    \
                 if not ok: break\n    \
                 okno.sendall(cv2.imencode(\".jpg\", frame)[1])\n\n"
        ),
        "cpp" => format!(
            "// g++ send.cpp -o send $(pkg-config --cflags --libs opencv4)\n\
             #include <arpa/inet.h>\n\
             #include <opencv2/opencv.hpp>\n\
             int main() {{\n    \
                 int okno = socket(AF_INET, SOCK_STREAM, 0);\n    \
                 sockaddr_in to{{AF_INET, htons({port}), {{inet_addr(\"{host}\")}}, {{}}}};\n    \
                 if (connect(okno, (sockaddr *)&to, sizeof to)) return 1;\n    \
                 cv::VideoCapture camera(0);\n    \
                 cv::Mat frame;\n    \
                 std::vector<uchar> jpeg;\n    \
                 while (camera.read(frame) && cv::imencode(\".jpg\", frame, jpeg))\n        \
                     if (send(okno, jpeg.data(), jpeg.size(), MSG_NOSIGNAL) < 0) return 1;\n\
             }}\n"
        ),
        "shell" => format!(
            "opencv-sender -i 0 --to tcp://{to}\n\
             # or, without Okno's own sender:\n\
             ffmpeg -f v4l2 -i /dev/video0 -f mjpeg tcp://{to}\n"
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_hold_the_real_address() {
        let to = SocketAddr::from(([192, 168, 7, 9], 40123));
        for kind in ["python", "cpp", "shell"] {
            let text = snippet(kind, to);
            assert!(text.contains("192.168.7.9") && text.contains("40123"), "{text}");
        }
        assert!(snippet("cobol", to).is_empty());
    }

    #[test]
    fn a_python_shell_runs_the_loop_once_it_is_pasted() {
        // The empty line is what ends a block there.
        let text = snippet("python", SocketAddr::from(([127, 0, 0, 1], 1)));
        assert!(text.ends_with("\n\n"), "{text}");
    }
}
