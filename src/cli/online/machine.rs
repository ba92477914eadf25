//! This machine: clock, disk, witness, and who can read what is kept.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Page;
use crate::cli::text::Lang;
use crate::config::{Config, Environment};

/// Where systemd-timesyncd keeps its state, and says that the clock was set from the network (systemd-timesyncd.service(8)).
const TIMESYNC: &str = "/run/systemd/timesync";
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";
/// Less free space is spoken of.
const GIB: u64 = 1 << 30;
/// Files looked at; a store of ten years has fewer.
const FILES_MAX: usize = 1_000_000;
/// Files named.
const NAMED: usize = 3;
/// Growth is told from so many days on.
const DAYS_MIN: u64 = 2;

pub(super) fn page(config: &Config, environment: &Environment, lang: Lang) -> Page {
    let mut page = Page::new(lang.pick("このコンピューター", "This machine"), lang);
    let kept = Kept::walk(&config.state_dir, 0o077, environment);
    clock(&mut page);
    disk(&mut page, &config.state_dir, &kept);
    witness(&mut page, config);
    permissions(&mut page, config, &kept, environment);
    page
}

fn clock(page: &mut Page) {
    const LABEL: (&str, &str) = ("時計", "clock");
    let now = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::system());
    let now = now.strftime("%Y-%m-%d %H:%M %Z").to_string();
    let lang = page.lang;
    if Path::new(SYNCHRONISED).exists() {
        let text = lang.pick("ネットワークの時刻に合っています", "set from the network");
        page.good(LABEL, &format!("{now} ({text})"));
    } else if Path::new(TIMESYNC).is_dir() {
        let text = lang.pick(
            "まだネットワークの時刻に合っていません。記録の時刻が疑われます: timedatectl status",
            "not set from the network yet; the record's times can be doubted: timedatectl status",
        );
        page.warn(LABEL, &format!("{now}\n{text}"));
    } else {
        let text = lang.pick(
            "合わせている仕組みが分かりません。時刻が正しいか見てください",
            "what sets it cannot be told; see whether it is right",
        );
        page.note(LABEL, &format!("{now}\n{text}"));
    }
}

/// What stands in a folder.
#[derive(Default)]
struct Kept {
    octets: u64,
    files: usize,
    oldest: Option<SystemTime>,
    /// Open to others, or another user's.
    open: Vec<PathBuf>,
    opened: usize,
}

impl Kept {
    /// Looks at everything below a folder; `closed` are the mode bits that nothing may have.
    fn walk(root: &Path, closed: u32, environment: &Environment) -> Self {
        let mut kept = Self::default();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let Ok(meta) = entry.metadata() else { continue };
                kept.files += 1;
                if kept.files > FILES_MAX {
                    return kept;
                }
                let foreign = environment.uid != 0 && meta.uid() != environment.uid;
                if !meta.is_symlink() && (meta.mode() & closed != 0 || foreign) {
                    kept.opened += 1;
                    if kept.open.len() < NAMED {
                        kept.open.push(entry.path());
                    }
                }
                if meta.is_dir() {
                    folders.push(entry.path());
                } else if meta.is_file() {
                    kept.octets += meta.len();
                    let changed = meta.modified().ok();
                    kept.oldest = match (kept.oldest, changed) {
                        (Some(oldest), Some(changed)) => Some(oldest.min(changed)),
                        (oldest, changed) => oldest.or(changed),
                    };
                }
            }
        }
        kept
    }

    /// What a year adds, as fast as it grew so far; none where that cannot be told yet.
    fn a_year(&self) -> Option<u64> {
        let days = self.oldest?.elapsed().ok()?.as_secs() / 86_400;
        (days >= DAYS_MIN).then(|| self.octets / days * 365)
    }
}

fn disk(page: &mut Page, state_dir: &Path, kept: &Kept) {
    const LABEL: (&str, &str) = ("空き容量", "free space");
    let place = state_dir.ancestors().find(|place| place.exists()).unwrap_or(Path::new("/"));
    let Ok(space) = rustix::fs::statvfs(place) else {
        page.note(LABEL, page.lang.pick("調べられません", "cannot be told"));
        return;
    };
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    let year = kept.a_year();
    let grows = match (year, page.lang) {
        (Some(year), Lang::Ja) => format!("、記録は今の調子で一年に {} 増えます", amount(year)),
        (Some(year), Lang::En) => format!("; the record grows by {} a year", amount(year)),
        (None, _) => String::new(),
    };
    let text = match page.lang {
        Lang::Ja => format!("{} ({}){grows}", amount(free), place.display()),
        Lang::En => format!("{} at {}{grows}", amount(free), place.display()),
    };
    if free >= year.unwrap_or(0).max(GIB) {
        page.good(LABEL, &text);
        return;
    }
    let todo = page.lang.pick(
        "足りなくなると証拠を残せず、隔離も止まります（メールは受信箱に残ります）。空けるか、state-dir を別のディスクに",
        "without room no evidence is kept, and then nothing is moved; make room, or put state-dir on another disk",
    );
    page.warn(LABEL, &format!("{text}\n{todo}"));
}

fn amount(octets: u64) -> String {
    match octets {
        octets if octets >= GIB => format!("{:.1} GiB", octets as f64 / GIB as f64),
        octets => format!("{:.0} MiB", octets as f64 / f64::from(1 << 20)),
    }
}

/// The copies of the record's signature that this machine cannot take back.
fn witness(page: &mut Page, config: &Config) {
    const LABEL: (&str, &str) = ("外の控え", "witness");
    if let Some(dir) = &config.witness_dir {
        let device =
            |path: &Path| path.ancestors().find_map(|place| fs::metadata(place).ok()).map(|meta| meta.dev());
        let shown = dir.display();
        if !dir.is_dir() {
            let text = match page.lang {
                Lang::Ja => format!(
                    "{shown} がありません。ディスクがつながっているか、witness-dir を確かめてください"
                ),
                Lang::En => format!("{shown} is not there; is the disk connected? check witness-dir"),
            };
            page.bad(LABEL, &text);
        } else if device(dir) == device(&config.state_dir) {
            let text = match page.lang {
                Lang::Ja => format!(
                    "{shown} は記録と同じディスクです。別のディスクか、ほかの人だけが消せる場所にしてください"
                ),
                Lang::En => format!(
                    "{shown} is on the same disk as the record; use another disk, or where only somebody else can delete"
                ),
            };
            page.warn(LABEL, &text);
        } else {
            page.good(LABEL, &shown.to_string());
        }
        return;
    }
    if config.accounts.iter().any(|account| account.digest_mailbox.is_some()) {
        let text = page.lang.pick(
            "日報と一緒にサーバーに残します (digest-mailbox)",
            "on the server, with the digests (digest-mailbox)",
        );
        page.good(LABEL, text);
        return;
    }
    page.warn(
        LABEL,
        page.lang.pick(
            "ありません。記録全体を古いものに戻されても見分けられません\ndigest-mailbox か witness-dir（別のディスク）を設定してください",
            "none: an old copy of the whole record put in its place looks right\nset digest-mailbox, or witness-dir (another disk)",
        ),
    );
}

/// Who can read what is kept. What [`Config::inspect`] finds was printed before; here every file is looked at.
fn permissions(page: &mut Page, config: &Config, kept: &Kept, environment: &Environment) {
    const LABEL: (&str, &str) = ("権限", "permissions");
    let mut well = true;
    // A group may be let in to read digests.
    let logs = Kept::walk(&config.log_dir, 0o027, environment);
    let below = config.log_dir.starts_with(&config.state_dir);
    for (dir, kept) in [(&config.state_dir, kept), (&config.log_dir, &logs)] {
        if kept.opened == 0 || (below && dir == &config.log_dir) {
            continue;
        }
        well = false;
        let named: Vec<String> = kept.open.iter().map(|path| path.display().to_string()).collect();
        let (count, named, dir) = (kept.opened, named.join("\n"), dir.display());
        let text = match page.lang {
            Lang::Ja => format!(
                "ほかの利用者が読めるか、持ち主が違うファイルが {count} 個あります\n{named}\n自分だけに: chmod -R go-rwx {dir}"
            ),
            Lang::En => format!(
                "{count} file(s) that others can read, or that belong to somebody else\n{named}\nkeep them to yourself: chmod -R go-rwx {dir}"
            ),
        };
        page.bad(LABEL, &text);
    }
    if well {
        let count = kept.files;
        let text = match page.lang {
            Lang::Ja if count == 0 => {
                "まだ何も保存していません。作るものは自分だけが読めます (0600/0700)".to_owned()
            }
            Lang::En if count == 0 => {
                "nothing is kept yet; what is made is yours alone (0600, 0700)".to_owned()
            }
            Lang::Ja => format!("保存した {count} 個のファイルとフォルダーは、ほかの利用者には読めません"),
            Lang::En => format!("none of the {count} files and folders kept can be read by others"),
        };
        page.good(LABEL, &text);
    }
}
