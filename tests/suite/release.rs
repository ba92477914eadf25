//! What the person says of a message is done and remembered: releases by hand and by command, reports, and what they teach.
//! And the two ways in which nothing is moved: `observe-for` and `also-preserve`.

#[path = "release/asked.rs"]
mod asked;
#[path = "release/learned.rs"]
mod learned;
#[path = "release/unmoved.rs"]
mod unmoved;
