//! Telling by HTTPS: counts and short ids, once, to the one endpoint and no other; nothing waits for it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use komainu::demo::server::Profile;
use komainu::evidence::{Entry, Notice, Way};
use komainu::imap::Trust;
use komainu::monitor::{Event, HttpsEndpoint, Telling};
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

use super::Story;
use super::append::urgent;
use crate::support::world::{PASSWORD, USER, in_time, letter};

/// An HTTPS server that gives its answers one after the other, the last one for ever, and keeps what it was sent.
struct Endpoint {
    port: u16,
    root: CertificateDer<'static>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Endpoint {
    async fn start(answers: Vec<&'static [u8]>) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["localhost".into()]).unwrap().self_signed(&key).unwrap();
        let root = certificate.der().clone();
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![root.clone()], private)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = requests.clone();
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            let mut answer = answers.next().unwrap();
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                let Ok(mut tls) = acceptor.accept(tcp).await else { continue };
                let request = read(&mut tls).await;
                kept.lock().unwrap().push(request);
                let _ = tls.write_all(answer).await;
                let _ = tls.shutdown().await;
                answer = answers.next().unwrap_or(answer);
            }
        });
        Self { port, root, requests }
    }

    fn telling(&self, telling: Telling) -> Telling {
        let trust = Trust { extra_roots: vec![self.root.clone()], spki_pins: Vec::new() };
        let path = "/komainu-8f3a61c2".to_owned();
        let https = Some(HttpsEndpoint { host: "localhost".into(), port: self.port, path, trust });
        Telling { https, ..telling }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// One request, by its Content-Length.
async fn read(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> String {
    let mut octets = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&octets).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            if body.len() >= length.unwrap().parse::<usize>().unwrap() {
                return text;
            }
        }
        if stream.read_buf(&mut octets).await.unwrap_or(0) == 0 {
            return text;
        }
    }
}

async fn story(endpoint: &Endpoint) -> Story {
    let mut story = Story::new(Profile::Dovecot, "2026-11-23T10:00").await;
    story.world.telling = story.world.telling.take().map(|telling| endpoint.telling(telling));
    story
}

fn told(story: &Story) -> Vec<(Notice, usize, Option<String>)> {
    let records = story.world.records();
    let told = records.into_iter().filter_map(|record| match record.entry {
        Entry::Notified { way: Way::Https, notice, ids, reason } => Some((notice, ids.len(), reason)),
        _ => None,
    });
    told.collect()
}

async fn until_told(story: &Story, count: usize) {
    in_time("told", async {
        while told(story).len() < count {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[tokio::test]
async fn an_urgent_message_and_the_digest_are_told_in_counts_and_never_in_words() {
    let endpoint = Endpoint::start(vec![b"HTTP/1.1 503 Busy\r\n\r\n", OK]).await;
    let mut story = story(&endpoint).await;
    story.world.start().await;
    story.world.server.deliver(USER, "INBOX", letter(0), None, &[]);
    story.world.server.deliver(USER, "INBOX", urgent(0), None, &[]);
    until_told(&story, 1).await;
    story.set("2026-11-24T00:05");
    until_told(&story, 2).await;
    story.world.stop().await;
    story.world.start().await;
    story.world.stop().await;
    assert_eq!(told(&story), [(Notice::Alert, 1, None), (Notice::Digest, 0, None)]);
    // Refused once, tried again, told; and the digest.
    let requests = endpoint.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0], requests[1]);
    let id = story.days()[0].items[0].evidence_id.unwrap().to_string();
    assert!(requests[0].contains(&id[..13]), "{}", requests[0]);
    for (request, priority) in [(&requests[0], "Priority: 5"), (&requests[2], "Priority: 4")] {
        assert!(request.starts_with("POST /komainu-8f3a61c2 HTTP/1.1\r\n"), "{request}");
        for field in ["Title: komainu", priority, "Tags: ", "Connection: close"] {
            assert!(request.contains(field), "{field}: {request}");
        }
        let lower = request.to_lowercase();
        for canary in
            ["hanako", "example", "shuukin", "彼岸", "最終通告", "50万", "komainu隔離", "inbox", PASSWORD]
        {
            assert!(!lower.contains(canary), "{canary}: {request}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_that_is_on_record() {
    let other = Endpoint::start(vec![OK]).await;
    let answer = format!("HTTP/1.1 307 Away\r\nLocation: https://localhost:{}/\r\n\r\n", other.port);
    let endpoint = Endpoint::start(vec![Box::leak(answer.into_bytes().into_boxed_slice())]).await;
    let mut story = story(&endpoint).await;
    story.world.start().await;
    story.world.server.deliver(USER, "INBOX", urgent(0), None, &[]);
    until_told(&story, 1).await;
    assert!(story.world.pulse.status().contains("notify: status-307"), "{}", story.world.pulse.status());
    story.world.stop().await;
    assert_eq!(told(&story), [(Notice::Alert, 1, Some("status-307".into()))]);
    assert_eq!((endpoint.requests().len(), other.requests().len()), (1, 0));
}

#[tokio::test]
async fn a_certificate_that_is_not_believed_gets_no_word_and_stops_nobody() {
    let endpoint = Endpoint::start(vec![OK]).await;
    let mut story = story(&endpoint).await;
    if let Some(https) = story.world.telling.as_mut().and_then(|telling| telling.https.as_mut()) {
        https.trust = Trust::default();
    }
    story.world.start().await;
    story.world.server.deliver(USER, "INBOX", urgent(0), None, &[]);
    until_told(&story, 1).await;
    assert_eq!(told(&story), [(Notice::Alert, 1, Some("certificate".into()))]);
    assert!(endpoint.requests().is_empty());
    story.world.server.deliver(USER, "INBOX", urgent(1), None, &[]);
    story.world.until("settled", |event| matches!(event, Event::Settled { .. })).await;
    story.world.stop().await;
}

/// An endpoint that says nothing, or too much, holds up neither the accounts nor the stop.
#[tokio::test]
async fn nothing_waits_for_the_endpoint() {
    let flood: &'static [u8] = Box::leak(vec![b'x'; 1 << 20].into_boxed_slice());
    for answer in [b"".as_slice(), flood, b"* OK IMAP4rev1 ready\r\n"] {
        let endpoint = Endpoint::start(vec![answer]).await;
        let mut story = story(&endpoint).await;
        story.world.start().await;
        for number in 0..3 {
            story.world.server.deliver(USER, "INBOX", urgent(number), None, &[]);
        }
        story.world.until_settled(0, 3).await;
        let pulse = story.world.pulse.clone();
        let mut changes = pulse.changes();
        in_time("trouble", async {
            while !pulse.status().contains("notify: ") {
                changes.changed().await.unwrap();
            }
        })
        .await;
        story.world.stop().await;
        assert!(told(&story).is_empty());
        story.world.check_invariants(&[urgent(0), urgent(1), urgent(2)]);
    }
}
