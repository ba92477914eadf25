//! A scripted IMAP server: says what it is told, checks what the client says, and cuts, stalls and fragments on demand.

use komainu::imap::{Endpoint, Error, Secret, Security, Session, Timeouts, Trust};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream};
use tokio::task::JoinHandle;

/// What every server here offers unless a test says otherwise.
pub const USUAL: &str = "IMAP4rev1 AUTH=PLAIN SASL-IR IDLE MOVE UIDPLUS";

#[derive(Clone, Debug)]
pub enum Step {
    /// The client's next line, without its tag; `*` at the end stands for anything.
    Client(String),
    /// Octets to the client. `%T` is the tag of the client's last line, `%P` that of the line before.
    Server(Vec<u8>),
    /// Endless copies of these octets, until the client goes.
    Flood(Vec<u8>),
    /// Nothing more, and the line stays open.
    Stall,
}

pub fn c(line: &str) -> Step {
    Step::Client(line.to_owned())
}

pub fn s(octets: impl AsRef<[u8]>) -> Step {
    Step::Server(octets.as_ref().to_vec())
}

/// The client's command, and OK.
pub fn ok(line: &str) -> [Step; 2] {
    [c(line), s("%T OK done\r\n")]
}

/// Greeting, login, capabilities.
pub fn login(capabilities: &str) -> Vec<Step> {
    let told = format!("* CAPABILITY {capabilities}\r\n%T OK done\r\n");
    vec![
        s("* OK ready\r\n"),
        c("CAPABILITY"),
        s(&told),
        c("AUTHENTICATE PLAIN *"),
        s("%T OK welcome\r\n"),
        c("CAPABILITY"),
        s(&told),
    ]
}

/// SELECT of INBOX as an ordinary server answers it.
pub fn select() -> Vec<Step> {
    vec![
        c("SELECT \"INBOX\""),
        s(
            "* FLAGS (\\Seen \\Deleted)\r\n* 3 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 77] ok\r\n* OK [UIDNEXT 9] ok\r\n%T OK [READ-WRITE] done\r\n",
        ),
    ]
}

/// How the octets leave.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wire {
    /// At most so many at once; 0: as they come.
    pub fragment: usize,
    /// The line is cut after so many.
    pub cut: Option<usize>,
}

/// Plays a script to its end, or until the client has gone; then closes.
pub async fn play<T: AsyncRead + AsyncWrite + Unpin>(stream: T, steps: Vec<Step>, wire: Wire) {
    let mut stream = BufReader::new(stream);
    let (mut tag, mut before) = (String::new(), String::new());
    let mut left = wire.cut.unwrap_or(usize::MAX);
    for step in steps {
        match step {
            Step::Client(expected) => {
                let mut line = String::new();
                if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                    return;
                }
                let line = line.trim_end_matches("\r\n");
                let (own, rest) = line.split_once(' ').unwrap_or(("", line));
                let untagged = !own.starts_with('K');
                let said = if untagged { line } else { rest };
                let fits =
                    expected.strip_suffix('*').map_or(said == expected, |start| said.starts_with(start));
                assert!(fits, "the client said {said:?} where {expected:?} was expected");
                if !untagged {
                    before = std::mem::replace(&mut tag, own.to_owned());
                }
            }
            Step::Server(octets) => {
                let octets = fill(&octets, &tag, &before);
                if !send(&mut stream, &octets, wire.fragment, &mut left).await {
                    return;
                }
            }
            Step::Flood(octets) => {
                let octets = octets.repeat((65_536 / octets.len()).max(1));
                while send(&mut stream, &octets, 0, &mut left).await {}
                return;
            }
            Step::Stall => std::future::pending().await,
        }
    }
}

fn fill(octets: &[u8], tag: &str, before: &str) -> Vec<u8> {
    let mut filled = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some((&first, after)) = rest.split_first() {
        let (name, skip) = match (first, after.first()) {
            (b'%', Some(b'T')) => (tag.as_bytes(), 1),
            (b'%', Some(b'P')) => (before.as_bytes(), 1),
            _ => (std::slice::from_ref(&first), 0),
        };
        filled.extend_from_slice(name);
        rest = &after[skip..];
    }
    filled
}

async fn send<T: AsyncWrite + Unpin>(
    stream: &mut T,
    octets: &[u8],
    fragment: usize,
    left: &mut usize,
) -> bool {
    let octets = &octets[..octets.len().min(*left)];
    for piece in octets.chunks(if fragment == 0 { usize::MAX } else { fragment }) {
        if stream.write_all(piece).await.is_err() || stream.flush().await.is_err() {
            return false;
        }
        *left -= piece.len();
        if fragment != 0 {
            tokio::task::yield_now().await;
        }
    }
    *left > 0
}

pub fn endpoint() -> Endpoint {
    Endpoint {
        host: "localhost".to_owned(),
        port: 993,
        security: Security::Tls,
        trust: Trust::default(),
        user: "hanako@example.com".to_owned(),
        password: Secret::new("correct horse".to_owned()),
        timeouts: Timeouts::default(),
    }
}

/// A scripted server in a task of its own.
pub fn serve(steps: Vec<Step>, wire: Wire) -> (DuplexStream, JoinHandle<()>) {
    let (ours, theirs) = tokio::io::duplex(64 * 1024);
    (ours, tokio::spawn(play(theirs, steps, wire)))
}

/// A session on a scripted server; the test goes on where `steps` begin.
pub async fn session(capabilities: &str, steps: impl IntoIterator<Item = Step>) -> (Session, JoinHandle<()>) {
    let script = login(capabilities).into_iter().chain(steps).collect();
    let (stream, server) = serve(script, Wire::default());
    (Session::over(stream, &endpoint()).await.expect("login"), server)
}

/// The same with INBOX selected.
pub async fn selected(
    capabilities: &str,
    steps: impl IntoIterator<Item = Step>,
) -> (Session, JoinHandle<()>) {
    let steps: Vec<Step> = select().into_iter().chain(steps).collect();
    let (mut session, server) = session(capabilities, steps).await;
    session.select(&komainu::imap::Mailbox::inbox()).await.expect("select");
    (session, server)
}

/// What opening a session on this script ends in.
pub async fn opening(steps: Vec<Step>) -> Result<Session, Error> {
    let (stream, server) = serve(steps, Wire::default());
    let result = Session::over(stream, &endpoint()).await;
    if server.is_finished() {
        server.await.expect("script");
    }
    result
}
