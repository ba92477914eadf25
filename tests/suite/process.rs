//! The program itself, as its own process, against the embedded server: what it says to the service manager and on
//! standard error, how it ends, and what it leaves behind.

mod accounts;
mod commands;
mod control;
mod full;
mod memory;
mod online;
mod pipes;
mod privacy;
mod quarantine;
mod refusals;
mod reload;
mod scan;
mod service;
mod setup;
mod signals;
mod status;
mod tables;
