//! Putting our own messages into the person's mailbox: the digest, which is the record's witness there, and the alert that
//! cannot wait for it. The only writes that observe mode knows.
//!
//! In this order: announced on record, looked for by the Message-ID that it always has, put there, looked for again, its
//! outcome on record. Whatever cuts that short, the next connection finds the announcement open and looks first, so that
//! there is one copy.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use tracing::{info, warn};

use super::place::{Placed, place};
use super::plan::{Told, WEEK, wanted};
use super::quarantine::{is_refused, reason};
use super::telling::{Telling, speaks};
use super::{Error, Pulse, Watch};
use crate::digest::{self, Alert, Day, Form, Heading};
use crate::evidence::{Appended, Digest, Entry, EvidenceId, Note, Notice, PublicKey};
use crate::imap::Session;
use crate::store::{Announced, Batch, OpenAppend, Store, Urgent};
use crate::verdict::Mode;

/// An urgent message is told of at once within this time, or not any more: then the digest has told.
const AT_ONCE: SignedDuration = SignedDuration::from_hours(48);
/// Urgent messages that one alert tells of.
const OF_ONE_ALERT: usize = 50;

/// A message that is to be in the mailbox.
pub(super) struct Post {
    mailbox: String,
    /// Without its angle brackets.
    message_id: String,
    notice: Notice,
    ids: Vec<EvidenceId>,
    /// None: it is not to be put there any more, only looked for.
    octets: Option<Vec<u8>>,
    /// How many records its checkpoint covers, and the digest of the note.
    witness: Option<(u64, Digest)>,
    /// It was announced by an earlier try.
    open: bool,
}

/// What is done with an account's own messages.
pub(super) struct Postman {
    watch: Arc<Watch>,
    store: Store,
    pulse: Pulse,
    /// SHA-256 of the record's first public key.
    fingerprint: Option<Digest>,
    /// Whether a day's digest has something to say; files do not change.
    speaks: BTreeMap<Date, bool>,
}

impl Postman {
    pub(super) fn new(watch: Arc<Watch>, store: Store, pulse: Pulse) -> Self {
        Self { watch, store, pulse, fingerprint: None, speaks: BTreeMap::new() }
    }

    /// What is to be in the mailbox and is not known to be, alerts first; and what was announced and has no outcome.
    pub(super) async fn due(&mut self, telling: Option<&Telling>) -> Result<Vec<Post>, Error> {
        let mut open = self.store.open_appends(&self.watch.name).await?;
        let mut posts = Vec::new();
        if let (Some(telling), Some(mailbox)) = (telling, self.watch.digest_mailbox.clone()) {
            let fingerprint = self.fingerprint().await?;
            for urgent in self.alerts(&open).await? {
                posts.push(self.alert(telling, fingerprint, &mailbox, &urgent));
            }
            for date in self.dates(telling, fingerprint).await? {
                posts.extend(self.digest(telling, fingerprint, &mailbox, date).await?);
            }
        }
        for post in &mut posts {
            let same = |append: &OpenAppend| {
                append.message_id == post.message_id
                    && append.mailbox == post.mailbox
                    && post.octets.as_deref().map(Digest::of) == Some(append.sha256)
            };
            if let Some(at) = open.iter().position(same) {
                open.remove(at);
                post.open = true;
            }
        }
        // What was announced otherwise (another language, another mailbox) is settled first.
        let mut all: Vec<Post> = open.into_iter().map(left_over).collect();
        all.append(&mut posts);
        Ok(all)
    }

    async fn fingerprint(&mut self) -> Result<Digest, Error> {
        if let Some(known) = self.fingerprint {
            return Ok(known);
        }
        let pem = self.store.genesis().await?;
        let known = PublicKey::from_pem(&pem).map_or(Digest::ZERO, |key| key.fingerprint());
        self.fingerprint = Some(known);
        Ok(known)
    }

    /// Urgent messages by the alert that tells of them: those of an announced one together, as they were.
    async fn alerts(&self, open: &[OpenAppend]) -> Result<Vec<Vec<Urgent>>, Error> {
        let now = self.store.now().await?;
        let since = now.checked_sub(AT_ONCE).unwrap_or(Timestamp::MIN);
        let mut alerts: Vec<Vec<Urgent>> =
            open.iter().map(|append| append.urgent.clone()).filter(|urgent| !urgent.is_empty()).collect();
        let due = self.store.urgent_unposted(&self.watch.name, since).await?;
        let (moved, kept): (Vec<Urgent>, Vec<Urgent>) = due.into_iter().partition(|urgent| urgent.moved);
        for kind in [moved, kept] {
            alerts.extend(kind.chunks(OF_ONE_ALERT).map(<[Urgent]>::to_vec));
        }
        Ok(alerts)
    }

    fn alert(&self, telling: &Telling, fingerprint: Digest, mailbox: &str, urgent: &[Urgent]) -> Post {
        let ids: Vec<EvidenceId> = urgent.iter().map(|urgent| urgent.id).collect();
        let alert = Alert {
            account: self.watch.name.clone(),
            messages: urgent.iter().map(|urgent| (urgent.id, urgent.category)).collect(),
            moved: urgent.iter().all(|urgent| urgent.moved),
        };
        let message_id = digest::alert_id(fingerprint, &self.watch.name, &ids);
        // Always the same octets for the same messages: the time is that of their ids.
        let date = ids.last().and_then(|id| made(*id)).unwrap_or(Timestamp::UNIX_EPOCH);
        let heading = Heading { to: Some(&self.watch.endpoint.user), message_id: &message_id, date };
        let octets = Some(digest::alert_mail(&alert, telling.language, heading));
        let (notice, mailbox) = (Notice::Alert, mailbox.to_owned());
        Post { mailbox, message_id, notice, ids, octets, witness: None, open: false }
    }

    /// Which digests are to be in the mailbox and are not known to be.
    async fn dates(&mut self, telling: &Telling, fingerprint: Digest) -> Result<Vec<Date>, Error> {
        let written = self.store.written().await?.days;
        let Some(last) = written.keys().next_back().copied() else { return Ok(Vec::new()) };
        let from = last.checked_sub((WEEK * 2 - 1).days()).unwrap_or(last);
        let mut week = Vec::new();
        for date in written.range(from..).map(|(date, _)| *date) {
            let message_id = digest::message_id(fingerprint, &self.watch.name, date);
            let announced = self.store.announced(&self.watch.name, &message_id).await?;
            // Of the week before it only matters what is in the mailbox.
            let recent = last.checked_sub((WEEK - 1).days()).is_ok_and(|first| date >= first);
            let speaks = recent && announced != Announced::There && self.speaks(telling, date).await;
            week.push(Told { date, announced, speaks, recent });
        }
        self.speaks.retain(|date, _| *date >= from);
        Ok(wanted(&week))
    }

    async fn speaks(&mut self, telling: &Telling, date: Date) -> bool {
        if let Some(known) = self.speaks.get(&date) {
            return *known;
        }
        // A file that somebody took away says nothing any more.
        let Some(day) = read(telling, date).await else { return false };
        let known = speaks(&day);
        self.speaks.insert(date, known);
        known
    }

    async fn digest(
        &self,
        telling: &Telling,
        fingerprint: Digest,
        mailbox: &str,
        date: Date,
    ) -> Result<Option<Post>, Error> {
        let Some(day) = read(telling, date).await else { return Ok(None) };
        let message_id = digest::message_id(fingerprint, &self.watch.name, date);
        let heading =
            Heading { to: Some(&self.watch.endpoint.user), message_id: &message_id, date: day.made.at() };
        let octets = Some(digest::mail(&day, telling.language, heading));
        let note = day.integrity.checkpoint.as_deref().map(str::as_bytes);
        let witness = note.and_then(|note| Some((Note::parse(note).ok()?.checkpoint.size, Digest::of(note))));
        let (notice, mailbox) = (Notice::Digest, mailbox.to_owned());
        Ok(Some(Post { mailbox, message_id, notice, ids: Vec::new(), octets, witness, open: false }))
    }

    /// Sees to it that the message is in the mailbox once, and records how that ended.
    pub(super) async fn deliver(&self, session: &mut Session, post: Post) -> Result<(), Error> {
        if let (false, Some(octets)) = (post.open, &post.octets) {
            let intent = Entry::AppendIntent {
                account: self.watch.name.clone(),
                mailbox: post.mailbox.clone(),
                message_id: post.message_id.clone(),
                notice: post.notice,
                ids: post.ids.clone(),
                sha256: Digest::of(octets),
            };
            self.store.commit(Batch { entries: vec![intent], ..Batch::default() }).await?;
        }
        let what = format!("{}: digest-mailbox", self.watch.name);
        // In observe mode nothing is written but CREATE and APPEND.
        let subscribe = self.watch.mode == Mode::Quarantine;
        let (outcome, place, why) = match place(
            session,
            &post.mailbox,
            &post.message_id,
            post.octets.as_deref(),
            subscribe,
        )
        .await
        {
            Ok(Placed::Found(place)) => (Appended::Found, Some(place), None),
            Ok(Placed::Done(place)) => (Appended::Done, Some(place), None),
            Ok(Placed::Not(why)) => {
                if post.octets.is_some() {
                    self.pulse.hindered(&what, Some(format!("not taken: {why}")));
                    warn!(
                        account = self.watch.name,
                        why, "the server does not take the notice; it is tried again tomorrow"
                    );
                }
                (Appended::Refused, None, Some(why))
            }
            // It cannot be looked for, and an earlier try may have put it there: it stays open.
            Err(error) if post.open && is_refused(&error) => {
                self.pulse.hindered(&what, Some(error.to_string()));
                warn!(account = self.watch.name, %error, "it cannot be seen whether a notice is in the mailbox");
                return Ok(());
            }
            Err(error) if is_refused(&error) => {
                self.pulse.hindered(&what, Some(error.to_string()));
                warn!(account = self.watch.name, %error, "the server does not take the notice; it is tried again tomorrow");
                (Appended::Refused, None, Some(reason(&error)))
            }
            Err(error) => return Err(error.into()),
        };
        if outcome != Appended::Refused {
            self.pulse.hindered(&what, None);
            info!(account = self.watch.name, notice = ?post.notice, outcome = ?outcome, "notice in the mailbox");
        }
        let mut entries = vec![Entry::AppendResult {
            account: self.watch.name.clone(),
            message_id: post.message_id.clone(),
            outcome,
            uidvalidity: place.map(|(uidvalidity, _)| uidvalidity),
            uid: place.map(|(_, uid)| uid),
            reason: why,
        }];
        if let (Some((size, sha256)), Some(_)) = (post.witness, place) {
            entries.push(Entry::Witness { kind: "append".to_owned(), size, sha256 });
        }
        Ok(self.store.commit(Batch { entries, ..Batch::default() }).await?)
    }
}

/// What was announced by another configuration, or is of another time: it is looked for, and not put there.
fn left_over(append: OpenAppend) -> Post {
    Post {
        mailbox: append.mailbox,
        message_id: append.message_id,
        notice: if append.urgent.is_empty() { Notice::Digest } else { Notice::Alert },
        ids: append.urgent.iter().map(|urgent| urgent.id).collect(),
        octets: None,
        witness: None,
        open: true,
    }
}

/// The JSON of a day that was written.
async fn read(telling: &Telling, date: Date) -> Option<Day> {
    let path = telling.log_dir.join(digest::file_name(date, Form::Json));
    digest::from_json(&tokio::fs::read(path).await.ok()?).ok()
}

/// When an id was given (UUIDv7: milliseconds since 1970).
fn made(id: EvidenceId) -> Option<Timestamp> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    Timestamp::new(i64::try_from(seconds).ok()?, i32::try_from(nanos).ok()?).ok()
}
