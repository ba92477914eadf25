//! The program itself, as its own process, against the embedded server: what it says to the service manager and on
//! standard error, how it ends, and what it leaves behind.

mod accounts;
mod commands;
mod control;
mod full;
mod memory;
mod privacy;
mod quarantine;
mod refusals;
mod reload;
mod scan;
mod service;
mod signals;
mod status;
mod tables;
