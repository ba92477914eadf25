//! See the library's documentation for the map of the house.

fn main() {}
