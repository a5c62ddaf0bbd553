//! JPEG encoding with libjpeg-turbo.
