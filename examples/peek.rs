use komainu::message::{Message, TextKind};
use std::time::Instant;
fn main() {
    let mut total = std::time::Duration::ZERO;
    let mut worst: Vec<(u128, String)> = vec![];
    for e in std::fs::read_dir("/tmp/dev/dev/eml").unwrap() {
        let p = e.unwrap().path();
        let o = std::fs::read(&p).unwrap();
        let t = Instant::now();
        let m = Message::parse(&o);
        let d = t.elapsed();
        total += d;
        worst.push((d.as_micros(), p.file_name().unwrap().to_str().unwrap().to_owned()));
        let len = |k: TextKind| {
            m.texts
                .iter()
                .filter(|v| v.kind == k)
                .map(|v| v.text.normal().chars().filter(|c| c.is_alphabetic()).count())
                .sum::<usize>()
        };
        println!(
            "{}\t{}\t{}\t{}\t{}\t{:?}\t{}",
            p.file_name().unwrap().to_str().unwrap(),
            len(TextKind::Html),
            len(TextKind::Hidden),
            len(TextKind::Plain),
            m.codes.len(),
            m.markup,
            m.attachments.len()
        );
    }
    worst.sort();
    eprintln!("total {total:?}");
    for w in worst.iter().rev().take(8) {
        eprintln!("{w:?}");
    }
}
