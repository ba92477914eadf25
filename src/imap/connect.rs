//! TCP: each address with a time-out, no Nagle, keepalive.

use std::fmt::Debug;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Timeouts;
use super::error::Error;
use super::tls::{self, Trust};

/// What a session can stand on.
pub trait Transport: AsyncRead + AsyncWrite + Unpin + Send + Debug {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + Debug> Transport for T {}

/// Most addresses of one name that are tried.
const ADDRESSES: usize = 8;

/// A line to another peer than a mail server, encrypted from its first octet: the person's notification endpoint.
pub async fn encrypted(
    host: &str,
    port: u16,
    trust: &Trust,
    timeouts: &Timeouts,
) -> Result<Box<dyn Transport>, Error> {
    let stream = tcp(host, port, timeouts).await?;
    Ok(Box::new(tls::wrap(stream, host, trust, timeouts).await?))
}

pub(super) async fn tcp(host: &str, port: u16, timeouts: &Timeouts) -> Result<TcpStream, Error> {
    let Timeouts { connect, read, .. } = *timeouts;
    let failed = |source| Error::Connect { host: host.to_owned(), port, source };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = timeout(read, tokio::net::lookup_host((bare, port))).await;
    let addresses = match found {
        Ok(Ok(addresses)) => alternate(addresses),
        Ok(Err(error)) => return Err(failed(error)),
        Err(_) => return Err(Error::Timeout { what: "the name service" }),
    };
    let mut last = std::io::Error::new(std::io::ErrorKind::NotFound, "the name has no address");
    for address in addresses.into_iter().take(ADDRESSES) {
        match timeout(connect, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                tune(&stream);
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(_) => last = std::io::ErrorKind::TimedOut.into(),
        }
    }
    Err(failed(last))
}

/// The resolver's first choice first, then one of each family in turn, so that a broken IPv6 costs one time-out and not eight.
fn alternate(addresses: impl Iterator<Item = SocketAddr>) -> Vec<SocketAddr> {
    let all: Vec<SocketAddr> = addresses.collect();
    let first_is_v6 = all.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut mixed = Vec::new();
    loop {
        let pair = (first.next(), second.next());
        if pair == (None, None) {
            return mixed;
        }
        mixed.extend(pair.0);
        mixed.extend(pair.1);
    }
}

/// Best effort: a socket without these works too, only slower to notice that its peer is gone.
fn tune(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let keepalive = TcpKeepalive::new()
        .with_time(Duration::from_mins(1))
        .with_interval(Duration::from_secs(15))
        .with_retries(4);
    let _ = SockRef::from(stream).set_tcp_keepalive(&keepalive);
}

#[cfg(test)]
mod tests {
    use super::alternate;

    #[test]
    fn families_take_turns_from_the_resolvers_first_choice() {
        let given = ["[2001:db8::1]:1", "[2001:db8::2]:1", "192.0.2.1:1"].map(|a| a.parse().unwrap());
        let order: Vec<String> = alternate(given.into_iter()).iter().map(ToString::to_string).collect();
        assert_eq!(order, ["[2001:db8::1]:1", "192.0.2.1:1", "[2001:db8::2]:1"]);
    }
}
