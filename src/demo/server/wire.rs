//! One connection's octets, in and out, and the faults that strike octets.

use super::fault::{Cut, Plan};
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Why a session is over.
#[derive(Debug)]
pub(super) enum End {
    /// The peer has gone, or broke the framing beyond repair.
    Gone,
    /// LOGOUT or BYE: to be closed in order.
    Orderly,
    /// A fault.
    Cut(Cut),
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    /// Only while STARTTLS changes one into the other.
    Between,
}

/// Octets gathered before they are sent; a reply of any size passes through this much memory.
const FLUSH_AT: usize = 64 * 1024;
/// The longest command line, and the largest literal, in octets.
const LINE_MAX: usize = 64 * 1024;
const LITERAL_MAX: usize = 64 * 1024 * 1024;

/// The connection.
pub(super) struct Wire {
    stream: Stream,
    input: Vec<u8>,
    output: Vec<u8>,
    reply_budget: Option<(usize, Cut)>,
    connection_budget: Option<(usize, Cut)>,
    fragments: bool,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream: Stream::Plain(stream),
            input: Vec::new(),
            output: Vec::new(),
            reply_budget: None,
            connection_budget: None,
            fragments: false,
        }
    }

    pub(super) fn encrypted(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    /// Changes to TLS; what the peer sent in clear behind the command is thrown away, so that nothing can be injected.
    pub(super) async fn encrypt(&mut self, acceptor: &TlsAcceptor) -> Result<(), End> {
        self.input.clear();
        if let Stream::Plain(plain) = std::mem::replace(&mut self.stream, Stream::Between) {
            self.stream = Stream::Tls(Box::new(acceptor.accept(plain).await?));
        }
        Ok(())
    }

    /// Sets what goes wrong with the octets of the next reply.
    pub(super) fn arm(&mut self, plan: &Plan) {
        self.reply_budget = plan.cut_after;
        self.fragments = plan.fragments;
        if plan.cut_connection_after.is_some() {
            self.connection_budget = plan.cut_connection_after;
        }
    }

    /// Whether so much waits to be sent that it should be.
    pub(super) fn full(&self) -> bool {
        self.output.len() >= FLUSH_AT
    }

    /// The place where replies are written; they go out with [`Wire::flush`].
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.output
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        let mut data = std::mem::take(&mut self.output);
        let cut = [&mut self.reply_budget, &mut self.connection_budget]
            .into_iter()
            .filter_map(|budget| spend(budget, &mut data))
            .last();
        if self.fragments {
            for octet in &data {
                self.send(std::slice::from_ref(octet)).await?;
            }
        } else if !data.is_empty() {
            self.send(&data).await?;
        }
        data.clear();
        self.output = data;
        cut.map_or(Ok(()), |cut| Err(End::Cut(cut)))
    }

    async fn send(&mut self, data: &[u8]) -> Result<(), End> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(data).await?,
            Stream::Tls(stream) => {
                stream.write_all(data).await?;
                stream.flush().await?;
            }
            Stream::Between => return Err(End::Gone),
        }
        Ok(())
    }

    async fn receive(&mut self) -> Result<(), End> {
        let read = match &mut self.stream {
            Stream::Plain(stream) => stream.read_buf(&mut self.input).await?,
            Stream::Tls(stream) => stream.read_buf(&mut self.input).await?,
            Stream::Between => 0,
        };
        if read == 0 { Err(End::Gone) } else { Ok(()) }
    }

    /// One line with its line end. Safe to drop and to call again: what has come stays in the buffer.
    pub(super) async fn line(&mut self) -> Result<Vec<u8>, End> {
        let mut searched = 0;
        loop {
            let fresh = self.input.get(searched..).unwrap_or_default();
            if let Some(at) = fresh.iter().position(|octet| *octet == b'\n') {
                let rest = self.input.split_off(searched + at + 1);
                return Ok(std::mem::replace(&mut self.input, rest));
            }
            searched = self.input.len();
            if searched > LINE_MAX {
                return Err(End::Gone);
            }
            self.receive().await?;
        }
    }

    /// One command with all its literals; `+` is sent for those that ask for it.
    pub(super) async fn command(&mut self) -> Result<Vec<u8>, End> {
        let mut command = self.line().await?;
        while let Some((length, waits)) = announced(&command) {
            if length > LITERAL_MAX || command.len() + length > LITERAL_MAX {
                return Err(End::Gone);
            }
            if waits {
                self.output.extend_from_slice(b"+ go ahead\r\n");
                self.flush().await?;
            }
            while self.input.len() < length {
                self.receive().await?;
            }
            let rest = self.input.split_off(length);
            command.append(&mut self.input);
            self.input = rest;
            command.extend(self.line().await?);
        }
        Ok(command)
    }

    /// Reads and forgets until the peer goes: what a black hole does.
    pub(super) async fn swallow(&mut self) {
        while self.receive().await.is_ok() {
            self.input.clear();
        }
    }

    /// Closes as a well-behaved server does.
    pub(super) async fn close(&mut self) {
        // The peer may be gone already; then there is nobody to close in order for.
        let _ = match &mut self.stream {
            Stream::Plain(stream) => stream.shutdown().await,
            Stream::Tls(stream) => stream.shutdown().await,
            Stream::Between => Ok(()),
        };
    }

    /// Makes the close that follows a reset: with a linger time of zero the kernel sends RST in place of FIN.
    pub(super) fn reset(&self) {
        let tcp = match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => stream.get_ref().0,
            Stream::Between => return,
        };
        // It fails only where the socket is closed already.
        let _ = socket2::SockRef::from(tcp).set_linger(Some(std::time::Duration::ZERO));
    }
}

/// Takes the data's length from the budget, and shortens the data where it is used up.
fn spend(budget: &mut Option<(usize, Cut)>, data: &mut Vec<u8>) -> Option<Cut> {
    let (left, cut) = budget.as_mut()?;
    if *left <= data.len() && !(data.is_empty() && *left > 0) {
        data.truncate(*left);
        return Some(*cut);
    }
    *left -= data.len();
    None
}

/// The literal that the last line announces: its octets, and whether the client waits for `+` (RFC 9051 §4.3, RFC 7888).
fn announced(command: &[u8]) -> Option<(usize, bool)> {
    let line = command.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let inner = line.strip_suffix(b"}")?;
    let open = inner.iter().rposition(|octet| *octet == b'{')?;
    let number = inner.get(open + 1..)?;
    let (number, waits) = number.strip_suffix(b"+").map_or((number, true), |number| (number, false));
    std::str::from_utf8(number).ok()?.parse().ok().map(|length| (length, waits))
}
