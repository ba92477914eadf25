//! One HTTPS POST of a few words. No redirect is followed, nothing of the answer is kept but its status.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::imap::{self, Timeouts, Trust};

/// From the name look-up to the answer.
const WHOLE: Duration = Duration::from_secs(30);
/// So much of an answer is read; its first line is what counts.
const ANSWER: usize = 8 * 1024;
/// Header fields of an answer.
const FIELDS: usize = 64;

/// Where counts are POSTed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Name or address.
    pub host: String,
    /// TCP.
    pub port: u16,
    /// From its `/` on.
    pub path: String,
    /// Whose certificates are believed.
    pub trust: Trust,
}

/// What is said: header fields as ntfy reads them, and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// ASCII.
    pub(super) title: &'static str,
    /// 1 to 5, 3 being the ordinary one.
    pub(super) priority: u8,
    /// ntfy shows it as a sign.
    pub(super) tag: &'static str,
    /// UTF-8.
    pub(super) text: String,
}

/// Why it was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// Another try may do better; a machine word.
    Passing(String),
    /// It will not.
    Final(String),
}

impl Endpoint {
    /// Sends it, and waits for the status of the answer.
    pub(super) async fn post(&self, message: &Message) -> Result<(), Failure> {
        match timeout(WHOLE, self.exchange(message)).await {
            Ok(Ok(status)) => of_status(status),
            Ok(Err(failure)) => Err(failure),
            Err(_) => Err(Failure::Passing("timeout".to_owned())),
        }
    }

    async fn exchange(&self, message: &Message) -> Result<u16, Failure> {
        let failed = |_| Failure::Passing("not-reached".to_owned());
        let line = imap::encrypted(&self.host, self.port, &self.trust, &Timeouts::default()).await;
        let mut line = line.map_err(|error| match error {
            imap::Error::Tls { certificate: true, .. } => Failure::Final("certificate".to_owned()),
            _ => Failure::Passing("not-reached".to_owned()),
        })?;
        line.write_all(&self.request(message)).await.map_err(failed)?;
        line.flush().await.map_err(failed)?;
        let mut answer = Vec::with_capacity(1024);
        while answer.len() < ANSWER {
            let read = line.read_buf(&mut answer).await.map_err(failed)?;
            if let Some(status) = status(&answer)? {
                return Ok(status);
            }
            if read == 0 {
                break;
            }
        }
        Err(Failure::Passing("no-answer".to_owned()))
    }

    /// RFC 9112. HTTP/1.1 with `Connection: close`: the line is used once.
    fn request(&self, message: &Message) -> Vec<u8> {
        let Self { host, port, path, .. } = self;
        let port = if *port == 443 { String::new() } else { format!(":{port}") };
        let Message { title, priority, tag, text } = message;
        let length = text.len();
        format!(
            "POST {path} HTTP/1.1\r\nHost: {host}{port}\r\nUser-Agent: komainu\r\nConnection: close\r\n\
             Content-Type: text/plain; charset=utf-8\r\nTitle: {title}\r\nPriority: {priority}\r\nTags: {tag}\r\n\
             Content-Length: {length}\r\n\r\n{text}"
        )
        .into_bytes()
    }
}

/// The status, once the header is there.
fn status(answer: &[u8]) -> Result<Option<u16>, Failure> {
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    match response.parse(answer) {
        Ok(httparse::Status::Complete(_)) => Ok(response.code),
        Ok(httparse::Status::Partial) => Ok(None),
        Err(_) => Err(Failure::Passing("not-http".to_owned())),
    }
}

fn of_status(status: u16) -> Result<(), Failure> {
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(Failure::Passing(format!("status-{status}"))),
        _ => Err(Failure::Final(format!("status-{status}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_passing_failure_is_tried_again() {
        assert_eq!(of_status(200), Ok(()));
        assert!(matches!(of_status(429), Err(Failure::Passing(_))));
        assert!(matches!(of_status(503), Err(Failure::Passing(_))));
        for status in [301, 302, 307, 400, 401, 403, 404, 413] {
            assert!(matches!(of_status(status), Err(Failure::Final(_))), "{status}");
        }
        assert_eq!(status(b"HTTP/1.1 20"), Ok(None));
        assert_eq!(status(b"HTTP/1.1 204 No Content\r\n\r\n"), Ok(Some(204)));
        assert!(status(b"* OK IMAP ready\r\n").is_err());
    }
}
