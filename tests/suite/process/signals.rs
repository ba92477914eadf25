//! SIGTERM at any moment: a prompt and orderly end, and nothing lost, doubled or left open after the next start.

use std::time::{Duration, Instant};

use komainu::demo::server::{Act, Cut, Fault, Options, Server};
use rustix::process::Signal;

use super::service::{Home, Service, in_time, server, until_idle, until_settled, user};
use crate::support::world::{letter, threat};

/// How long an end may take, from the signal to the exit.
const END: Duration = Duration::from_secs(2);

async fn terminate(service: &mut Service, when: &str) {
    let begun = Instant::now();
    service.signal(Signal::TERM);
    let status = service.ended().await;
    let took = begun.elapsed();
    assert_eq!(status.code(), Some(0), "{when}: {}", service.log());
    assert!(took < END, "{when}: {took:?}");
}

async fn story() -> (Server, Home) {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server)]);
    (server, home)
}

#[tokio::test]
async fn sigterm_in_idle_ends_at_once_and_in_order() {
    let (server, home) = story().await;
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    terminate(&mut service, "IDLE").await;
    service.hear_the_rest();
    assert!(service.heard.iter().any(|line| line.contains("STOPPING=1")), "{:?}", service.heard);
    home.assert_orderly();
    assert!(server.commands().last().unwrap().contains("LOGOUT"), "{:?}", server.commands());
    in_time("no connection left", server.wait_until(|state| state.connections() == 0)).await;
}

#[tokio::test]
async fn sigterm_ends_in_time_while_the_server_stalls_any_command() {
    for command in ["AUTHENTICATE", "LIST", "SELECT", "STATUS", "UID FETCH", "UID MOVE", "IDLE", "LOGOUT"] {
        let (server, home) = story().await;
        server.fault(Fault::once(command, Act::CutAfter(0, Cut::Stall)));
        let mut service = home.run(&[]);
        if command == "UID MOVE" {
            until_idle(&server, "hanako").await;
            server.deliver(&user("hanako"), "INBOX", threat(1), None, &[]);
        }
        if command == "LOGOUT" {
            until_idle(&server, "hanako").await;
        } else {
            in_time(command, server.wait_until(|state| state.faults_waiting() == 0)).await;
        }
        terminate(&mut service, command).await;
        home.assert_orderly();
    }
}

/// Stops the service while the server holds `command`; lets the command go on, or not; starts the service again.
async fn stopped_in_the_middle(command: &str, act: Act, lets_go: bool) {
    let (server, home) = story().await;
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    let delivered: Vec<Vec<u8>> = (0..12).map(threat).chain((0..3).map(letter)).collect();
    server.fault(Fault::once(command, act.clone()));
    server.deliver_many(&user("hanako"), "INBOX", delivered.iter().map(|octets| octets.as_slice().into()));
    in_time(command, server.wait_until(|state| state.held() == 1)).await;
    terminate(&mut service, command).await;
    if lets_go {
        server.release();
    } else {
        server.disconnect_all();
    }
    in_time("the held command's end", server.wait_until(|state| state.connections() == 0)).await;
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    until_settled(&server, "hanako", 3, 12).await;
    until_idle(&server, "hanako").await;
    service.stop().await;
    home.check_story(&server, "hanako", &delivered);
    home.assert_orderly();
}

#[tokio::test]
async fn sigterm_in_the_middle_of_a_batch_loses_and_doubles_nothing() {
    for command in ["UID FETCH", "UID MOVE"] {
        for act in [Act::HoldBeforeEffect, Act::HoldAfterEffect] {
            for lets_go in [true, false] {
                stopped_in_the_middle(command, act.clone(), lets_go).await;
            }
        }
    }
}

#[tokio::test]
async fn sigterm_lets_a_batch_that_the_server_answers_come_to_its_end() {
    let (server, home) = story().await;
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    let delivered: Vec<Vec<u8>> = (0..12).map(threat).collect();
    server.fault(Fault::once("UID MOVE", Act::HoldAfterEffect));
    server.deliver_many(&user("hanako"), "INBOX", delivered.iter().map(|octets| octets.as_slice().into()));
    in_time("UID MOVE", server.wait_until(|state| state.held() == 1)).await;
    service.signal(Signal::TERM);
    service.until("STOPPING=1").await;
    server.release();
    assert_eq!(service.ended().await.code(), Some(0), "{}", service.log());
    // Already now, without a second start.
    home.check_story(&server, "hanako", &delivered);
    home.assert_orderly();
}
