//! Viewing as state machines with time as an argument
