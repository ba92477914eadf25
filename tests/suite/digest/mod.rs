//! A day's digest: which records are in it, what it says, and that nothing in it acts.

mod browser;
mod command;
mod hostile;
mod mail;
mod periods;
mod sample;
mod schema;
mod told;
