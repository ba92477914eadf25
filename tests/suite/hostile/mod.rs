//! Mail that is made to cost much gets a verdict, says what was cut, and costs what the caps allow. Work is counted, not
//! timed; `cargo bench --bench hostile` prints time and memory.

pub(crate) mod shapes;

use komainu::indicator::Context;
use komainu::message::{Defect, Message};
use komainu::verdict::{self, BASE_RATE, Thresholds};

/// What must be noted as cut, by shape. The others are read to their end.
const CUT: &[(&str, Defect)] = &[
    ("text-of-100-mb", Defect::TextCut),
    ("parts-1000000", Defect::PartsCut),
    ("messages-in-messages-20000", Defect::DepthCut),
    ("multiparts-in-multiparts-20000", Defect::DepthCut),
    ("zip-bomb", Defect::ArchiveCut),
    ("zip-bomb-overlapping", Defect::ArchiveCut),
    ("gzip-bomb-nested", Defect::ArchiveCut),
    ("gzip-bomb-many-members", Defect::ArchiveCut),
    ("archives-1000", Defect::ArchiveCut),
    ("file-of-100-mb", Defect::ArchiveCut),
    ("line-of-10-mb", Defect::TextCut),
    ("html-line-of-10-mb", Defect::TextCut),
    ("links-100000", Defect::LinksCut),
    ("bare-links-100000", Defect::LinksCut),
    ("entities-1000000", Defect::TextCut),
    ("field-of-10-mb", Defect::TextCut),
    ("fields-100000", Defect::TextCut),
    ("fields-of-64-kb", Defect::TextCut),
    ("encoded-words-1-mb", Defect::TextCut),
    ("addresses-100000", Defect::TextCut),
    ("parameters-100000", Defect::TextCut),
    ("tnef-lying", Defect::Encoding),
    ("tnef-nested", Defect::DepthCut),
    ("pdf-streams", Defect::ArchiveCut),
];

#[test]
fn every_shape_gets_a_verdict_within_the_caps() {
    for (name, make) in shapes::SHAPES {
        let octets = make();
        let message = Message::parse(&octets);
        within_caps(name, &message);
        for (_, defect) in CUT.iter().filter(|(cut, _)| cut == name) {
            assert!(message.defects.contains(defect), "{name}: {:?}", message.defects);
        }
        let verdict = verdict::judge(&message, &Context::default(), &Thresholds::default());
        assert_eq!(verdict.findings[0].indicator, BASE_RATE, "{name}");
    }
    for (name, _) in CUT {
        assert!(shapes::SHAPES.iter().any(|(known, _)| known == name), "{name}");
    }
}

fn within_caps(name: &str, message: &Message) {
    let work = message.work;
    assert!(work.parts <= 1_000, "{name}: {work:?}");
    assert!(work.decoded <= 256 << 20, "{name}: {work:?}");
    assert!(work.inflated <= 8 << 20, "{name}: {work:?}");
    assert!(work.searched <= 64 << 20, "{name}: {work:?}");
    assert!(work.text <= 4 << 20, "{name}: {work:?}");
    assert!(message.links.len() <= 2_000 && message.fields.len() <= 2_000, "{name}");
    assert!(message.attachments.len() <= 1_000, "{name}");
    let fields: usize = message.fields.iter().map(|(_, value)| value.len()).sum();
    assert!(fields <= 4 << 20, "{name}: {fields} octets of fields");
    let addresses = message.to.len() + message.cc.len() + message.references.len();
    assert!(addresses <= 200_000, "{name}: {addresses}");
    assert!(
        message.attachments.iter().all(|file| file.members.len() <= 500 && file.targets.len() <= 32),
        "{name}"
    );
}
