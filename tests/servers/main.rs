//! Against real IMAP servers (Dovecot, Courier, Cyrus), which `tests/run` unpacks and starts. Each test says `skipped: …`
//! and passes where its server is not there; `tests/run` counts these.
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

mod foreign_deletion;
mod harness;
mod kill_loop;
mod looking;
mod mixed_delivery;
mod posted;
mod release;
mod support;

use support::{Kind, Server};

/// One module a server, so that `tests/run --only dovecot` can name its tests.
macro_rules! against {
    ($module:ident, $kind:expr, $($test:ident => $run:path),+ $(,)?) => {
        mod $module {
            use super::*;
            $(
                #[test]
                fn $test() {
                    if let Some(server) = Server::find($kind, stringify!($test)) {
                        $run(&server);
                    }
                }
            )+
        }
    };
}

against!(
    dovecot, Kind::Dovecot,
    harness_can_deliver_and_read_back => harness::deliver_and_read_back,
    mixed_delivery => mixed_delivery::run,
    looking_changes_nothing => looking::run,
    own_messages_stand_there_once => posted::run,
    kill_loop => kill_loop::run,
    person_moves_out_and_in => release::by_hand,
    person_asks_for_it_back => release::by_command,
    release_survives_a_new_uidvalidity => release::after_a_new_uidvalidity,
    junk_is_kept_and_not_moved => release::junk,
);

against!(
    courier, Kind::Courier,
    harness_can_deliver_and_read_back => harness::deliver_and_read_back,
    mixed_delivery => mixed_delivery::run,
    looking_changes_nothing => looking::run,
    own_messages_stand_there_once => posted::run,
    message_that_another_client_flagged_deleted_survives => foreign_deletion::run,
    kill_loop => kill_loop::run,
    person_moves_out_and_in => release::by_hand,
    person_asks_for_it_back => release::by_command,
);

against!(
    cyrus, Kind::Cyrus,
    harness_can_deliver_and_read_back => harness::deliver_and_read_back,
    mixed_delivery => mixed_delivery::run,
    person_asks_for_it_back => release::by_command,
    looking_changes_nothing => looking::run,
    own_messages_stand_there_once => posted::run,
);
