//! The shipped units, proven: a real systemd starts the daemon from `systemd/komainu.service`, with every directive in
//! force, and the story of the end-to-end test is lived through under it. See `machine.sh` for where that can be had;
//! elsewhere each test says `skipped: …` and passes, and `tests/run` counts it as skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs,
    reason = "tests"
)]

mod machine;
mod mail;
mod manager;
mod probe;
mod story;
mod system;
mod user;

use machine::Refused;

#[test]
fn the_daemon_does_its_work_under_the_system_unit() {
    machine::boot("the_daemon_does_its_work_under_the_system_unit", || system::story(Refused::AsShipped));
}

/// The unit answers a refused system call with an error, which the daemon might live with unnoticed. Here it is killed.
#[test]
fn the_daemon_makes_no_system_call_that_the_system_unit_refuses() {
    machine::boot("the_daemon_makes_no_system_call_that_the_system_unit_refuses", || {
        system::story(Refused::Fatal);
        probe::refused_calls_are_fatal();
    });
}

#[test]
fn the_system_unit_refuses_what_it_says_it_refuses() {
    machine::boot("the_system_unit_refuses_what_it_says_it_refuses", probe::system);
}

#[test]
fn the_daemon_does_its_work_under_the_user_unit() {
    machine::boot("the_daemon_does_its_work_under_the_user_unit", || user::story(Refused::AsShipped));
}

#[test]
fn the_daemon_makes_no_system_call_that_the_user_unit_refuses() {
    machine::boot("the_daemon_makes_no_system_call_that_the_user_unit_refuses", || {
        user::story(Refused::Fatal);
    });
}
