//! Keyfront's own chores.

fn main() {}
