//! Where a domain says that its IMAP server is: SRV records (RFC 6186), asked of the machine's own resolvers.
//!
//! Answers are not signed as far as this can see, and only propose: the person confirms the name (RFC 6186 §6 asks for that
//! where it lies outside the mail domain), and TLS verifies it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};
use tokio::net::UdpSocket;
use tokio::time::timeout;

use super::Security;

/// Where resolvers are named (resolv.conf(5)).
const RESOLV_CONF: &str = "/etc/resolv.conf";
/// Resolvers that are asked; the C library asks no more either.
const RESOLVERS: usize = 3;
/// For one answer. Two tries a resolver: one datagram may be lost.
const PATIENCE: Duration = Duration::from_secs(2);
const TRIES: usize = 2;
/// Longest answer over UDP that is read; without EDNS, 512 octets is what a resolver sends (RFC 1035 §4.2.1).
const LONGEST: usize = 4096;

/// A server that a domain names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Lower case, without a dot at the end.
    pub host: String,
    /// TCP.
    pub port: u16,
    /// By the service asked for.
    pub security: Security,
}

/// The resolvers of this machine; none where it names none.
pub fn resolvers() -> Vec<SocketAddr> {
    std::fs::read_to_string(RESOLV_CONF).map(|text| named(&text)).unwrap_or_default()
}

/// `nameserver` lines of a resolv.conf(5), three at most.
fn named(text: &str) -> Vec<SocketAddr> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            (words.next()? == "nameserver").then_some(())?;
            // A zone index (`fe80::1%eth0`) is beyond what std reads; such a resolver is passed over.
            words.next()?.parse::<IpAddr>().ok()
        })
        .map(|address| SocketAddr::new(address, 53))
        .take(RESOLVERS)
        .collect()
}

/// The best server that the domain names: `_imaps._tcp` before `_imap._tcp`. None where it names none, says that it has
/// none (a target of `.`), or nobody answers.
pub async fn locate(domain: &str, resolvers: &[SocketAddr]) -> Option<Located> {
    for (service, security) in [("_imaps._tcp", Security::Tls), ("_imap._tcp", Security::StartTls)] {
        let name = format!("{service}.{}", domain.trim_end_matches('.').to_ascii_lowercase());
        // Where nobody answers, nobody answers the next question either, and a person is waiting.
        if let Some((host, port)) = best(&ask(&name, resolvers).await?) {
            return Some(Located { host, port, security });
        }
    }
    None
}

/// The first answer of any resolver; none where none answers.
async fn ask(name: &str, resolvers: &[SocketAddr]) -> Option<Answer> {
    for resolver in resolvers {
        for _ in 0..TRIES {
            if let Some(answer) = ask_one(name, *resolver).await {
                return Some(answer);
            }
        }
    }
    None
}

type Answer = Vec<(u16, u16, String, u16)>;

/// One question, one answer; none where nothing that answers it comes in time.
async fn ask_one(name: &str, resolver: SocketAddr) -> Option<Answer> {
    let here: IpAddr =
        if resolver.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((here, 0)).await.ok()?;
    // Connected: datagrams of others do not come through.
    socket.connect(resolver).await.ok()?;
    let id = fastrand::u16(..);
    socket.send(&question(id, name)?).await.ok()?;
    let mut octets = [0; LONGEST];
    timeout(PATIENCE, async {
        loop {
            let length = socket.recv(&mut octets).await.ok()?;
            if let Some(answer) = octets.get(..length).and_then(|octets| read(octets, id, name)) {
                return Some(answer);
            }
        }
    })
    .await
    .ok()?
}

fn question(id: u16, name: &str) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).ok()?;
    packet.questions.push(Question::new(name, QTYPE::TYPE(TYPE::SRV), QCLASS::CLASS(CLASS::IN), false));
    packet.build_bytes_vec().ok()
}

/// Priority, weight, target, port of each record, where this answers the question.
fn read(octets: &[u8], id: u16, name: &str) -> Option<Answer> {
    let packet = Packet::parse(octets).ok()?;
    let asked = packet.questions.first().map(|question| question.qname.to_string());
    let answers_it = packet.id() == id
        && packet.has_flags(PacketFlag::RESPONSE)
        && asked.is_some_and(|asked| asked.eq_ignore_ascii_case(name));
    if !answers_it || !matches!(packet.rcode(), RCODE::NoError | RCODE::NameError) {
        return None;
    }
    let records = packet.answers.iter().filter_map(|record| match &record.rdata {
        RData::SRV(srv) if record.name.to_string().eq_ignore_ascii_case(name) => {
            Some((srv.priority, srv.weight, srv.target.to_string().to_ascii_lowercase(), srv.port))
        }
        _ => None,
    });
    Some(records.take(100).collect())
}

/// Lowest priority, then greatest weight (RFC 2782). An empty target says that there is none; what is no host name is not
/// shown to anybody.
fn best(answer: &Answer) -> Option<(String, u16)> {
    let host_like = |host: &str| {
        !host.is_empty()
            && host.len() <= 253
            && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
    };
    let mut usable: Vec<_> = answer.iter().filter(|(.., host, port)| host_like(host) && *port != 0).collect();
    usable.sort_by_key(|(priority, weight, ..)| (*priority, std::cmp::Reverse(*weight)));
    usable.first().map(|(.., host, port)| (host.clone(), *port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use simple_dns::ResourceRecord;
    use simple_dns::rdata::SRV;

    const NAME: &str = "_imaps._tcp.example.net";

    fn answer(id: u16, name: &str, records: &[(u16, u16, &str, u16)]) -> Vec<u8> {
        let asked = question(id, name).unwrap();
        let mut packet = Packet::parse(&asked).unwrap().into_reply();
        for (priority, weight, target, port) in records {
            let srv = SRV {
                priority: *priority,
                weight: *weight,
                port: *port,
                target: Name::new_unchecked(target),
            };
            packet.answers.push(ResourceRecord::new(
                Name::new_unchecked(name),
                CLASS::IN,
                60,
                RData::SRV(srv),
            ));
        }
        packet.build_bytes_vec().unwrap()
    }

    #[test]
    fn the_lowest_priority_and_then_the_greatest_weight_is_best() {
        let records =
            [(10, 9, "c.example.net", 993), (0, 1, "b.example.net", 993), (0, 5, "A.Example.net", 994)];
        let found = best(&read(&answer(7, NAME, &records), 7, NAME).unwrap());
        assert_eq!(found, Some(("a.example.net".to_owned(), 994)));
    }

    #[test]
    fn what_answers_something_else_is_no_answer_and_a_dot_is_no_server() {
        let one = answer(7, NAME, &[(0, 0, "a.example.net", 993)]);
        assert_eq!(read(&one, 8, NAME), None);
        assert_eq!(read(&one, 7, "_imap._tcp.example.net"), None);
        assert_eq!(read(&question(7, NAME).unwrap(), 7, NAME), None, "a question is no answer");
        assert_eq!(best(&read(&answer(7, NAME, &[(0, 0, "", 0)]), 7, NAME).unwrap()), None);
        assert_eq!(best(&vec![(0, 0, "a b\u{1b}[31m".to_owned(), 993)]), None);
    }

    #[test]
    fn resolvers_are_read_as_the_c_library_reads_them() {
        let text = "# c\nsearch example.net\nnameserver 192.0.2.1\nnameserver 2001:db8::1 \nnameserver fe80::1%eth0\n\
                    options edns0\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n";
        let found: Vec<String> = named(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.2:53"]);
        assert!(named("").is_empty());
    }

    proptest! {
        #[test]
        fn no_octets_of_a_resolver_do_harm(
            at in any::<prop::sample::Index>(), value in any::<u8>(), cut in any::<prop::sample::Index>(), noise in prop::collection::vec(any::<u8>(), 0..80)
        ) {
            let mut octets = answer(7, NAME, &[(0, 0, "a.example.net", 993), (1, 1, "b.example.net", 993)]);
            let at = at.index(octets.len());
            octets[at] = value;
            octets.truncate(cut.index(octets.len()).max(1));
            let _ = read(&octets, 7, NAME).map(|answer| best(&answer));
            let _ = read(&noise, 7, NAME);
        }
    }

    #[tokio::test]
    async fn the_first_resolver_may_be_dead_and_imap_is_asked_for_after_imaps() {
        let alive = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = alive.local_addr().unwrap();
        let dead = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let closed = dead.local_addr().unwrap();
        drop(dead);
        let serving = tokio::spawn(async move {
            let mut asked = Vec::new();
            let mut octets = [0; 512];
            for _ in 0..2 {
                let (length, from) = alive.recv_from(&mut octets).await.unwrap();
                let packet = Packet::parse(&octets[..length]).unwrap();
                let name = packet.questions[0].qname.to_string();
                let records: &[_] =
                    if name.starts_with("_imap.") { &[(0, 0, "mail.example.org", 143)] } else { &[] };
                alive.send_to(&answer(packet.id(), &name, records), from).await.unwrap();
                asked.push(name);
            }
            asked
        });
        let found = locate("Example.net", &[closed, address]).await;
        let expected = Located { host: "mail.example.org".into(), port: 143, security: Security::StartTls };
        assert_eq!(found, Some(expected));
        assert_eq!(serving.await.unwrap(), ["_imaps._tcp.example.net", "_imap._tcp.example.net"]);
    }
}
