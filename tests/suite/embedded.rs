//! The embedded server, spoken to by hand over the socket, and by async-imap over TLS: it has to be a good server before
//! it can be a good liar.

mod client;
mod faults;
mod message;
mod protocol;
