//! Captures a camera, file, URL or test pattern with OpenCV and sends it
