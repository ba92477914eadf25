//! What commands ask of the running service: it alone writes the record; without it, they take the lock themselves.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;

use komainu::control::{Answer, Error, Request, act, ask, socket};
use komainu::demo::server::Options;
use komainu::evidence::{CaseId, Digest, Entry, EvidenceId, Note};
use komainu::store::{Layout, Store};

use super::service::{Home, QUARANTINE, in_time, server, until_idle, user};
use crate::support::world::threat;

fn only_capture(home: &Home) -> (EvidenceId, Digest) {
    let found: Vec<_> = home
        .records()
        .into_iter()
        .filter_map(|record| match record.entry {
            Entry::Captured { id, sha256, .. } => Some((id, sha256)),
            _ => None,
        })
        .collect();
    let [one] = found.as_slice() else { panic!("{found:?}") };
    *one
}

#[tokio::test]
async fn acts_go_through_the_service_while_it_runs_and_under_the_lock_when_it_does_not() {
    let server = server(&["hanako"], Options::default()).await;
    let home = Home::new();
    home.configure(&[home.account("hanako", &server)]);
    let mut service = home.run(&[]);
    until_idle(&server, "hanako").await;
    server.deliver(&user("hanako"), "INBOX", threat(0), None, &[]);
    let to = user("hanako");
    in_time("moved", server.wait_until(|state| state.snapshot(&to, QUARANTINE).len() == 1)).await;
    until_idle(&server, "hanako").await;
    let state = home.path("state");
    let (id, sha256) = only_capture(&home);

    // Only its owner may ask.
    let mode = std::fs::metadata(socket(&state)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // The lock is the service's.
    assert!(Store::open(&state).unwrap_err().is_locked());

    let case = CaseId { year: 2026, number: 1 };
    let note = "{\"salt\":\"00\"}\n".to_owned();
    let opened = Entry::CaseOpened { case, sha256: Digest::of(note.as_bytes()) };
    let entries = vec![opened, Entry::CaseAdded { case, ids: vec![id] }];
    let answer = act(&state, Request::Record { entries: entries.clone(), notes: vec![note] }).unwrap();
    assert_eq!(answer, Answer::Done);
    // A case is opened once.
    let again = act(&state, Request::Record { entries, notes: Vec::new() });
    assert!(matches!(again, Err(Error::Failed(_))), "{again:?}");
    // What the service did is the service's to say.
    let forged = Request::Record { entries: vec![Entry::ServiceStop], notes: Vec::new() };
    assert!(matches!(act(&state, forged), Err(Error::Failed(_))));

    assert_eq!(act(&state, Request::Checkpoint).unwrap(), Answer::Done);
    let latest = std::fs::read(Layout::new(&state).latest_checkpoint()).unwrap();
    assert!(Note::parse(&latest).unwrap().checkpoint.size >= 5);

    // What is not a request is answered, and harms nobody.
    let mut stray = UnixStream::connect(socket(&state)).unwrap();
    stray.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut said = String::new();
    stray.read_to_string(&mut said).unwrap();
    assert!(said.contains("\"failed\""), "{said}");

    service.stop().await;
    home.assert_orderly();
    assert!(!socket(&state).exists());
    assert!(ask(&state, &Request::Checkpoint).unwrap().is_none());
    // The same act, without a service.
    let dir = state.clone();
    let erased = tokio::task::spawn_blocking(move || act(&dir, Request::Erase { ids: vec![id] }));
    assert_eq!(erased.await.unwrap().unwrap(), Answer::Erased { messages: 1 });
    assert!(!Layout::new(&state).blob(sha256).exists());
}
