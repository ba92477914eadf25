//! The embedded server, spoken to by hand over the socket, and by async-imap over TLS: it has to be a good server before
//! it can be a good liar.

use komainu::demo::server::{
    Act, Cut, Fault, Options, Presented, Profile, Refusal, Security, Server, When, trigger,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const USER: &str = "hanako";
const MAIL: &str = "From: \"Taro, T\" <taro@sender.example>\r\nTo: hanako@example.com, b@example.net\r\n\
    Subject: =?utf-8?B?6KuL5rGC5pu4?=\r\nMessage-ID: <one@sender.example>\r\nDate: Tue, 3 Nov 2026 10:00:00 +0900\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n--b\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\nfirst part\r\n--b\r\n\
    Content-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Disposition: attachment; filename=\"a.bin\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n";

async fn limit<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("no answer in 20 s")
}

fn plain(profile: Profile) -> Options {
    Options { profile, security: Security::Plain, ..Options::default() }
}

/// A client that knows only octets.
struct Raw {
    stream: TcpStream,
    input: Vec<u8>,
    tag: u32,
}

impl Raw {
    async fn open(server: &Server) -> Self {
        let stream = TcpStream::connect(server.addr()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, input: Vec::new(), tag: 0 }
    }

    async fn greeted(server: &Server) -> Self {
        let mut raw = Self::open(server).await;
        assert!(raw.line().await.unwrap().starts_with("* OK"));
        raw
    }

    async fn logged_in(server: &Server) -> Self {
        let mut raw = Self::greeted(server).await;
        let reply = raw.run("LOGIN hanako hanako-password").await;
        assert!(reply.contains(" OK "), "{reply}");
        raw
    }

    async fn selected(server: &Server, mailbox: &str) -> Self {
        let mut raw = Self::logged_in(server).await;
        let reply = raw.run(&format!("SELECT {mailbox}")).await;
        assert!(reply.contains(" OK [READ-WRITE]"), "{reply}");
        raw
    }

    async fn more(&mut self) -> bool {
        limit(self.stream.read_buf(&mut self.input)).await.is_ok_and(|read| read > 0)
    }

    /// One line with its literals.
    async fn line(&mut self) -> Option<String> {
        let mut end = 0;
        loop {
            while let Some(at) = self.input[end..].windows(2).position(|two| two == b"\r\n") {
                let line = &self.input[end..end + at];
                end += at + 2;
                if let Some(open) = line.iter().rposition(|b| *b == b'{')
                    && line.ends_with(b"}")
                {
                    end += std::str::from_utf8(&line[open + 1..line.len() - 1])
                        .unwrap()
                        .parse::<usize>()
                        .unwrap();
                    while self.input.len() < end {
                        if !self.more().await {
                            return None;
                        }
                    }
                    continue;
                }
                let rest = self.input.split_off(end);
                let whole = std::mem::replace(&mut self.input, rest);
                return Some(String::from_utf8(whole).unwrap());
            }
            if !self.more().await {
                return None;
            }
        }
    }

    async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    async fn ask(&mut self, command: &str) -> String {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        self.send(&format!("{tag} {command}\r\n")).await;
        tag
    }

    /// Everything up to the tagged reply, or up to the end of the connection.
    async fn until(&mut self, tag: &str) -> String {
        let mut all = String::new();
        while let Some(line) = self.line().await {
            all.push_str(&line);
            if line.starts_with(&format!("{tag} ")) {
                break;
            }
        }
        all
    }

    async fn run(&mut self, command: &str) -> String {
        let tag = self.ask(command).await;
        self.until(&tag).await
    }

    async fn ended(&mut self) -> bool {
        while self.more().await {}
        true
    }
}

fn uids(server: &Server, mailbox: &str) -> Vec<u32> {
    server.snapshot(USER, mailbox).iter().map(|message| message.uid).collect()
}

fn flags(server: &Server, mailbox: &str, uid: u32) -> BTreeSet<String> {
    let all = server.snapshot(USER, mailbox);
    all.iter().find(|message| message.uid == uid).unwrap().flags.clone()
}

fn deliver(server: &Server, count: u32) {
    let messages = (1..=count).map(|n| {
        let text = format!("Message-ID: <{n}@sender.example>\r\nSubject: number {n}\r\n\r\nbody {n}\r\n");
        Arc::from(text.into_bytes())
    });
    server.deliver_many(USER, "INBOX", messages);
}

fn connector(pem: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn tls(server: &Server, name: &str) -> std::io::Result<tokio_rustls::client::TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(server.addr()).await?;
    connector(server.ca_pem()).connect(ServerName::try_from(name.to_owned()).unwrap(), tcp).await
}

#[tokio::test]
async fn async_imap_reads_and_moves_over_tls() {
    use futures_util::TryStreamExt as _;
    let server = Server::start(Options::default()).await.unwrap();
    server.deliver(USER, "INBOX", MAIL.as_bytes(), None, &[]);
    let mut client = async_imap::Client::new(tls(&server, "localhost").await.unwrap());
    client.read_response().await.unwrap().unwrap();
    let mut session = client.login(USER, "hanako-password").await.map_err(|(e, _)| e).unwrap();
    session.create("Quarantine").await.unwrap();
    let names: Vec<_> = session.list(Some(""), Some("*")).await.unwrap().try_collect().await.unwrap();
    let names: Vec<_> = names.iter().map(async_imap::types::Name::name).collect();
    assert_eq!(names, ["INBOX", "Quarantine"]);
    let mailbox = session.select("INBOX").await.unwrap();
    assert_eq!((mailbox.exists, mailbox.uid_next), (1, Some(2)));
    let items = "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[])";
    let fetched: Vec<_> = session.uid_fetch("1:*", items).await.unwrap().try_collect().await.unwrap();
    assert_eq!(fetched[0].body(), Some(MAIL.as_bytes()));
    assert_eq!(fetched[0].size, Some(MAIL.len() as u32));
    assert!(fetched[0].internal_date().is_some());
    drop(fetched);
    session.uid_mv("1", "Quarantine").await.unwrap();
    session.logout().await.unwrap();
    assert_eq!(uids(&server, "INBOX"), [] as [u32; 0]);
    assert_eq!(&*server.snapshot(USER, "Quarantine")[0].octets, MAIL.as_bytes());
    assert!(flags(&server, "Quarantine", 1).is_empty());
}

#[tokio::test]
async fn an_idler_is_woken_at_once_and_told_only_what_is_new() {
    let server = Server::start(plain(Profile::Dovecot)).await.unwrap();
    let mut raw = Raw::selected(&server, "INBOX").await;
    let tag = raw.ask("IDLE").await;
    assert_eq!(raw.line().await.unwrap(), "+ idling\r\n");
    limit(server.wait_until(|state| state.idling(USER, "INBOX") == 1)).await;
    let uid = server.deliver(USER, "INBOX", MAIL.as_bytes(), None, &[]);
    assert_eq!(raw.line().await.unwrap(), "* 1 EXISTS\r\n");
    assert_eq!(raw.line().await.unwrap(), "* 1 RECENT\r\n");
    server.flag_by_person(USER, "INBOX", uid, "\\Seen", true);
    assert_eq!(raw.line().await.unwrap(), "* 1 FETCH (UID 1 FLAGS (\\Seen \\Recent))\r\n");
    server.move_by_person(USER, "INBOX", uid, "Elsewhere").unwrap();
    assert_eq!(raw.line().await.unwrap(), "* 1 EXPUNGE\r\n");
    raw.send("DONE\r\n").await;
    assert_eq!(raw.until(&tag).await, format!("{tag} OK Idle completed\r\n"));
    limit(server.wait_until(|state| state.idling(USER, "INBOX") == 0)).await;
    assert!(server.commands().iter().any(|line| line == "t1 LOGIN hanako ***"));
}
