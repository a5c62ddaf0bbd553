//! Microphone to Opus packets and back.
