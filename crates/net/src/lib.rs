//! Listeners and links on tokio
