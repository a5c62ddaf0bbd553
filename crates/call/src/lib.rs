//! A call between two people over a relay.
