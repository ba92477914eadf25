//! A disk image.
//!
//! # Detects
//!
//! An ISO, IMG, VHD or similar image of a disk, by its octets or its name.
//!
//! # Why it matters
//!
//! It opens as a drive, and what runs from it runs without a warning.
//!
//! # False positives
//!
//! Engineers who mail small boot images.
//!
//! # References
//!
//! - MITRE ATT&CK T1553.005 (mark-of-the-web bypass)

use crate::message::{Attachment, Kind, extension};

use super::{Basis, Bilingual, Category, Family, Hundredths, Indicator, Observables, Observation};

pub(super) static INDICATOR: Indicator = Indicator {
    id: "disk-image-attachment",
    title: Bilingual { ja: "ディスクイメージの添付", en: "a disk image" },
    category: Some(Category::Malware),
    family: Family::Attachment,
    weight: Hundredths(420),
    hard: false,
    basis: Basis::Prior("almost absent from honest mail because of its size; not measured on attachments"),
    why: Bilingual {
        ja: "開くとドライブとして現れ、中のプログラムが警告なしに動きます。",
        en: "It opens as a drive, and what runs from it runs without a warning.",
    },
    genuine: Bilingual {
        ja: "書類がディスクイメージで送られてくることはありません。",
        en: "Documents do not come as disk images.",
    },
    false_positives: Bilingual {
        ja: "小さな起動ディスクを送り合う技術者。",
        en: "Engineers who mail small boot images.",
    },
    references: &["MITRE ATT&CK T1553.005 (mark-of-the-web bypass)"],
    check,
};

fn check(observables: &Observables<'_>) -> Option<Observation> {
    observables.attached(is_image_of_disk)
}

fn is_image_of_disk(attachment: &Attachment) -> bool {
    let name = attachment.name.original();
    // `.img` is what some programs call a picture whose type they do not know.
    attachment.kind == Kind::DiskImage
        || (Kind::promised(name) == Kind::DiskImage
            && extension(name) != "img"
            && !attachment.kind.is_image())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, kind: Kind) -> Attachment {
        Attachment { name: crate::message::Text::new(name), kind, ..Attachment::default() }
    }

    #[test]
    fn images_of_disks_fire_and_pictures_do_not() {
        assert!(is_image_of_disk(&file("document.pdf", Kind::DiskImage)));
        assert!(is_image_of_disk(&file("見積書.iso", Kind::Unknown)));
        assert!(!is_image_of_disk(&file("image.img", Kind::Unknown)));
        assert!(!is_image_of_disk(&file("photo.img", Kind::Jpeg)));
    }
}
