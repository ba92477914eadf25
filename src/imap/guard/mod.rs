//! The framing guard: stands between the socket and async-imap and lets through only what its parser can read.
//!
//! Without it (measured on async-imap 0.12, imap-proto 0.17): a literal announced with 60 octets takes 512 MiB at once; 10 kB of
//! opening parentheses overflow the stack and abort the process; any untagged line that the parser does not know, a blank line or
//! a bare LF ends the connection; `[ALERT]` followed by a multi-byte character, and `INTERNALDATE NIL`, panic.
//!
//! What it does: lines are collected up to a cap, judged by the parser itself (`line.rs`, `frame.rs`), and passed on, mended, or replaced by
//! `* OK [X-SKIPPED]`; literals of FETCH responses flow through without being held, after what leads up to them was found
//! readable; everything is counted. Memory: the line in hand (at most 64 KiB) and what is not read yet; nothing while idle.

mod frame;
mod line;
#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::error::Exceeded;
use frame::Frame;

/// Read at once where no literal flows.
const CHUNK: usize = 4096;

/// What the guard has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Octets received.
    pub octets: u64,
    /// Lines and responses that were replaced, because the parser cannot read them.
    pub skipped: u64,
    /// Lines that were mended: bare LF, NUL, panic triggers, unreadable attributes.
    pub mended: u64,
}

/// See the module's documentation.
#[derive(Debug)]
pub(super) struct Guard<T> {
    inner: T,
    frame: Frame,
}

impl<T> Guard<T> {
    /// Literal cap where nothing large was asked for.
    pub(super) const SMALL: u64 = Frame::SMALL;

    pub(super) const fn new(inner: T) -> Self {
        Self { inner, frame: Frame::new() }
    }

    /// How many octets of literals one response may announce from now on.
    pub(super) const fn expect(&mut self, literal_cap: u64) {
        self.frame.literal_cap = literal_cap;
    }

    pub(super) const fn counts(&self) -> Counts {
        self.frame.counts
    }

    pub(super) const fn fault(&self) -> Option<Exceeded> {
        self.frame.fault
    }

    pub(super) fn into_inner(self) -> T {
        self.inner
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Guard<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.frame.hand_out(buf.remaining(), |octets| buf.put_slice(octets)) {
                return Poll::Ready(Ok(()));
            }
            if let Some(exceeded) = this.frame.fault {
                return Poll::Ready(Err(std::io::Error::other(exceeded)));
            }
            if let Some(left) = this.frame.flowing() {
                // Straight into the parser's buffer, never past the literal's end.
                let room = buf.remaining().min(usize::try_from(left).unwrap_or(usize::MAX));
                let mut part = ReadBuf::new(buf.initialize_unfilled_to(room));
                std::task::ready!(Pin::new(&mut this.inner).poll_read(cx, &mut part))?;
                let count = part.filled().len();
                buf.advance(count);
                this.frame.counts.octets = this.frame.counts.octets.saturating_add(count as u64);
                this.frame.literal_moved(left, count as u64);
                return Poll::Ready(Ok(()));
            }
            let mut chunk = [0_u8; CHUNK];
            let mut chunk = ReadBuf::new(&mut chunk);
            std::task::ready!(Pin::new(&mut this.inner).poll_read(cx, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.frame.take_in(chunk.filled());
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Guard<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
