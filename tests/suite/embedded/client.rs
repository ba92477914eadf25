//! A client that knows only octets, and a TLS connection for others.

use komainu::demo::server::{Options, Profile, Security, Server};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub(super) const USER: &str = "hanako";
pub(super) const MAIL: &str = "From: \"Taro, T\" <taro@sender.example>\r\nTo: hanako@example.com, b@example.net\r\n\
    Subject: =?utf-8?B?6KuL5rGC5pu4?=\r\nMessage-ID: <one@sender.example>\r\nDate: Tue, 3 Nov 2026 10:00:00 +0900\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n--b\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\nfirst part\r\n--b\r\n\
    Content-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Disposition: attachment; filename=\"a.bin\"\r\n\
    Content-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n";

pub(super) async fn limit<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), what).await.expect("no answer in 20 s")
}

pub(super) fn plain(profile: Profile) -> Options {
    Options { profile, security: Security::Plain, ..Options::default() }
}

/// A client that knows only octets.
pub(super) struct Raw {
    stream: TcpStream,
    input: Vec<u8>,
    tag: u32,
}

impl Raw {
    pub(super) async fn open(server: &Server) -> Self {
        let stream = TcpStream::connect(server.addr()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, input: Vec::new(), tag: 0 }
    }

    pub(super) async fn greeted(server: &Server) -> Self {
        let mut raw = Self::open(server).await;
        assert!(raw.line().await.unwrap().starts_with("* OK"));
        raw
    }

    pub(super) async fn logged_in(server: &Server) -> Self {
        let mut raw = Self::greeted(server).await;
        let reply = raw.run("LOGIN hanako hanako-password").await;
        assert!(reply.contains(" OK "), "{reply}");
        raw
    }

    pub(super) async fn selected(server: &Server, mailbox: &str) -> Self {
        let mut raw = Self::logged_in(server).await;
        let reply = raw.run(&format!("SELECT {mailbox}")).await;
        assert!(reply.contains(" OK [READ-WRITE]"), "{reply}");
        raw
    }

    pub(super) async fn more(&mut self) -> bool {
        limit(self.stream.read_buf(&mut self.input)).await.is_ok_and(|read| read > 0)
    }

    /// One line with its literals.
    pub(super) async fn line(&mut self) -> Option<String> {
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

    pub(super) async fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    pub(super) async fn ask(&mut self, command: &str) -> String {
        self.tag += 1;
        let tag = format!("t{}", self.tag);
        self.send(&format!("{tag} {command}\r\n")).await;
        tag
    }

    /// Everything up to the tagged reply, or up to the end of the connection.
    pub(super) async fn until(&mut self, tag: &str) -> String {
        let mut all = String::new();
        while let Some(line) = self.line().await {
            all.push_str(&line);
            if line.starts_with(&format!("{tag} ")) {
                break;
            }
        }
        all
    }

    pub(super) async fn run(&mut self, command: &str) -> String {
        let tag = self.ask(command).await;
        self.until(&tag).await
    }

    /// Everything up to the end of the connection.
    pub(super) async fn rest(&mut self) -> String {
        while self.more().await {}
        String::from_utf8(std::mem::take(&mut self.input)).unwrap()
    }

    /// What comes next, of any length.
    pub(super) async fn some(&mut self) -> Vec<u8> {
        self.more().await;
        std::mem::take(&mut self.input)
    }

    /// Whether nothing has come that was not read.
    pub(super) fn is_silent(&mut self) -> bool {
        let mut octet = [0];
        let tried = self.stream.try_read(&mut octet);
        self.input.is_empty() && tried.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// The error that reading ends with; `None` where it ends in order.
    pub(super) async fn failure(&mut self) -> Option<std::io::ErrorKind> {
        loop {
            match limit(self.stream.read_buf(&mut self.input)).await {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => return Some(error.kind()),
            }
        }
    }

    pub(super) async fn secure(self, server: &Server) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from("localhost").unwrap();
        connector(server.ca_pem()).connect(name, self.stream).await
    }

    pub(super) async fn ended(&mut self) -> bool {
        while self.more().await {}
        true
    }
}

pub(super) fn uids(server: &Server, mailbox: &str) -> Vec<u32> {
    server.snapshot(USER, mailbox).iter().map(|message| message.uid).collect()
}

pub(super) fn flags(server: &Server, mailbox: &str, uid: u32) -> BTreeSet<String> {
    let all = server.snapshot(USER, mailbox);
    all.iter().find(|message| message.uid == uid).unwrap().flags.clone()
}

pub(super) fn deliver(server: &Server, count: u32) {
    let messages = (1..=count).map(|n| {
        let text = format!("Message-ID: <{n}@sender.example>\r\nSubject: number {n}\r\n\r\nbody {n}\r\n");
        Arc::from(text.into_bytes())
    });
    server.deliver_many(USER, "INBOX", messages);
}

pub(super) fn connector(pem: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

pub(super) async fn tls(server: &Server, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(server.addr()).await?;
    connector(server.ca_pem()).connect(ServerName::try_from(name.to_owned()).unwrap(), tcp).await
}
