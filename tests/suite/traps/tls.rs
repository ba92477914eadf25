//! TLS over a real socket: who is believed, and that STARTTLS cannot be taken out.

use std::sync::Arc;
use std::time::Duration;

use super::script::{Step, USUAL, Wire, c, endpoint, login, play, s};
use komainu::imap::{Endpoint, Error, Security, Session, Trust};
use rcgen::{CertificateParams, Issuer, KeyPair, PublicKeyData as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

struct Authority {
    root: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root = params.self_signed(&key).unwrap().der().clone();
    Authority { root, issuer: Issuer::new(params, key) }
}

struct Leaf {
    acceptor: TlsAcceptor,
    pin: [u8; 32],
}

fn leaf(authority: &Authority, name: &str, expired: bool) -> Leaf {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    }
    let chain = vec![params.signed_by(&key, &authority.issuer).unwrap().der().clone()];
    let pin = Sha256::digest(key.subject_public_key_info()).into();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
        .unwrap();
    Leaf { acceptor: TlsAcceptor::from(Arc::new(config)), pin }
}

/// One connection: `plain` first, then TLS with `steps` where a leaf is given.
async fn server(plain: Vec<Step>, tls: Option<(TlsAcceptor, Vec<Step>)>) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        play(&mut stream, plain, Wire::default()).await;
        if let Some((acceptor, steps)) = tls
            && let Ok(mut stream) = acceptor.accept(stream).await
        {
            play(&mut stream, steps, Wire::default()).await;
            let _ = stream.shutdown().await;
        }
    });
    (port, task)
}

fn at(port: u16, host: &str, security: Security, trust: Trust) -> Endpoint {
    Endpoint { host: host.to_owned(), port, security, trust, ..endpoint() }
}

fn roots(authority: &Authority) -> Trust {
    Trust { extra_roots: vec![authority.root.clone()], spki_pins: Vec::new() }
}

async fn connect(leaf: &Leaf, host: &str, trust: Trust) -> Result<Session, Error> {
    let (port, _task) = server(Vec::new(), Some((leaf.acceptor.clone(), login(USUAL)))).await;
    Session::connect(&at(port, host, Security::Tls, trust)).await
}

fn refused(result: Result<Session, Error>) {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Tls { certificate: true, .. }), "{error:?}");
    assert!(!error.is_transient() && error.is_refusal());
}

#[tokio::test]
async fn a_certificate_of_a_root_the_person_gave_is_accepted() {
    let authority = authority();
    let by_name = leaf(&authority, "localhost", false);
    connect(&by_name, "localhost", roots(&authority)).await.unwrap();
    let by_address = leaf(&authority, "127.0.0.1", false);
    connect(&by_address, "127.0.0.1", roots(&authority)).await.unwrap();
}

#[tokio::test]
async fn a_certificate_of_an_unknown_root_is_refused() {
    refused(connect(&leaf(&authority(), "localhost", false), "localhost", Trust::default()).await);
    refused(connect(&leaf(&authority(), "localhost", false), "localhost", roots(&authority())).await);
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let authority = authority();
    refused(connect(&leaf(&authority, "localhost", true), "localhost", roots(&authority)).await);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = authority();
    refused(connect(&leaf(&authority, "imap.example.com", false), "localhost", roots(&authority)).await);
}

#[tokio::test]
async fn a_pinned_key_replaces_the_chain_and_any_other_key_is_refused() {
    let (authority, other) = (authority(), leaf(&authority(), "localhost", false));
    let pinned = leaf(&authority, "bridge.example.com", true);
    let trust = |pin| Trust { extra_roots: Vec::new(), spki_pins: vec![pin] };
    connect(&pinned, "127.0.0.1", trust(pinned.pin)).await.unwrap();
    refused(connect(&pinned, "127.0.0.1", trust(other.pin)).await);
    // A root that would do does not help where a pin was given.
    let both = Trust { spki_pins: vec![other.pin], ..roots(&authority) };
    refused(connect(&leaf(&authority, "localhost", false), "localhost", both).await);
}

fn offering(capabilities: &str) -> Vec<Step> {
    vec![s("* OK ready\r\n"), c("CAPABILITY"), s(format!("* CAPABILITY {capabilities}\r\n%T OK\r\n"))]
}

#[tokio::test]
async fn starttls_encrypts_and_there_is_no_second_greeting() {
    let authority = authority();
    let mut plain = offering("IMAP4rev1 STARTTLS LOGINDISABLED");
    plain.extend([c("STARTTLS"), s("%T OK begin\r\n")]);
    let inside = login(USUAL).into_iter().skip(1).collect();
    let leaf = leaf(&authority, "localhost", false);
    let (port, task) = server(plain, Some((leaf.acceptor, inside))).await;
    Session::connect(&at(port, "localhost", Security::StartTls, roots(&authority))).await.unwrap();
    task.await.unwrap();
}

#[tokio::test]
async fn starttls_that_was_taken_out_is_refused() {
    for plain in [
        offering(USUAL),
        [offering("IMAP4rev1 STARTTLS"), vec![c("STARTTLS"), s("%T NO not now\r\n")]].concat(),
        [offering("IMAP4rev1 STARTTLS"), vec![c("STARTTLS"), s("%T BAD what\r\n")]].concat(),
    ] {
        let (port, _task) = server(plain, None).await;
        let error =
            Session::connect(&at(port, "localhost", Security::StartTls, Trust::default())).await.unwrap_err();
        assert!(matches!(error, Error::StartTlsStripped) && error.is_refusal(), "{error:?}");
    }
}

#[tokio::test]
async fn preauth_does_not_get_around_starttls() {
    let (port, _task) = server(vec![s("* PREAUTH hello\r\n")], None).await;
    let error =
        Session::connect(&at(port, "localhost", Security::StartTls, Trust::default())).await.unwrap_err();
    assert!(matches!(error, Error::Greeting { .. }), "{error:?}");
}

#[tokio::test]
async fn plaintext_sent_ahead_of_the_handshake_is_never_taken_for_a_reply() {
    let authority = authority();
    let mut plain = offering("IMAP4rev1 STARTTLS");
    // The injected lines would log in and offer MOVE, were they carried over.
    plain.extend([
        c("STARTTLS"),
        s("%T OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR MOVE\r\nK1 OK\r\nK2 OK\r\nK3 OK\r\n"),
    ]);
    let inside = vec![c("CAPABILITY"), s("* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%T OK\r\n")];
    let leaf = leaf(&authority, "localhost", false);
    let (port, _task) = server(plain, Some((leaf.acceptor, inside))).await;
    let result = Session::connect(&at(port, "localhost", Security::StartTls, roots(&authority))).await;
    // Dropped with the plaintext's buffer, or mistaken for a broken handshake: never obeyed.
    assert!(matches!(result, Err(Error::NoLogin { .. } | Error::Tls { .. })), "{result:?}");
}

#[tokio::test]
async fn a_missing_close_notify_is_a_closed_connection() {
    let authority = authority();
    let leaf = leaf(&authority, "localhost", false);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = leaf.acceptor.accept(stream).await.unwrap();
        play(&mut stream, login(USUAL), Wire::default()).await;
    });
    let mut session =
        Session::connect(&at(port, "localhost", Security::Tls, roots(&authority))).await.unwrap();
    task.await.unwrap();
    let error = session.noop().await.unwrap_err();
    assert!(matches!(error, Error::Closed), "{error:?}");
}

#[tokio::test]
async fn nobody_at_home_is_transient_and_names_the_address() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = Session::connect(&at(port, "127.0.0.1", Security::Tls, Trust::default())).await.unwrap_err();
    assert!(matches!(error, Error::Connect { .. }) && error.is_transient(), "{error:?}");
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_plaintext_server_on_the_tls_port_is_an_error_in_time() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
        let _ = stream.write_all(b"* OK plaintext here\r\n").await;
        let _ = stream.flush().await;
        tokio::time::sleep(Duration::from_secs(5)).await;
    });
    let error = Session::connect(&at(port, "localhost", Security::Tls, Trust::default())).await.unwrap_err();
    assert!(matches!(error, Error::Tls { certificate: false, .. }), "{error:?}");
}
