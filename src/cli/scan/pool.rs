//! Several messages at once, their results in the order in which they came.
//!
//! One thread reads and prints, the others judge. A judge is started only when all others are at work, so that there are
//! never more than messages. What is read ahead is bounded in number and in octets: a file larger than that is read when
//! nothing else is in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, Scope};

use super::walk::{Letter, Visit};

/// Results that may wait for one that comes before them.
const AHEAD: usize = 256;
/// Octets of files that are in memory at once, if there is more than one.
const OCTETS: u64 = 8 * 1024 * 1024;
/// What the first thread of a process has; a thread's own usual 2 MiB would be less than judging has without threads.
const STACK: usize = 8 * 1024 * 1024;

/// What is made of a message, by its name.
pub(super) type Work<'e, T> = dyn Fn(&str, Result<Letter, String>) -> T + Sync + 'e;

struct Task {
    number: usize,
    name: String,
    input: Result<Letter, String>,
}

/// See the module.
pub(super) struct Pool<'s, 'e, T> {
    scope: &'s Scope<'s, 'e>,
    work: &'e Work<'e, T>,
    /// Takes the results.
    take: &'e mut dyn FnMut(T),
    most: usize,
    judges: usize,
    tasks: Sender<Task>,
    queue: Arc<Mutex<Receiver<Task>>>,
    done: Sender<(usize, T)>,
    results: Receiver<(usize, T)>,
    /// Messages that were given to the judges, that came back, that were taken.
    given: usize,
    back: usize,
    taken: usize,
    early: BTreeMap<usize, T>,
    held: Arc<AtomicU64>,
}

impl<'s, 'e, T: Send + 'e> Pool<'s, 'e, T> {
    /// With one judge, all is done by the thread that calls.
    pub(super) fn new(
        scope: &'s Scope<'s, 'e>,
        most: usize,
        work: &'e Work<'e, T>,
        take: &'e mut dyn FnMut(T),
    ) -> Self {
        let (tasks, queue) = channel();
        let (done, results) = channel();
        Self {
            scope,
            work,
            take,
            most,
            judges: 0,
            tasks,
            queue: Arc::new(Mutex::new(queue)),
            done,
            results,
            given: 0,
            back: 0,
            taken: 0,
            early: BTreeMap::new(),
            held: Arc::default(),
        }
    }

    /// Waits for all results.
    pub(super) fn finish(mut self) {
        while self.taken < self.given {
            self.receive();
        }
    }

    /// One more judge, if the system lets us.
    fn hire(&mut self) {
        let (work, queue, done) = (self.work, Arc::clone(&self.queue), self.done.clone());
        let judge = move || {
            loop {
                let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(Task { number, name, input }) = task else { return };
                if done.send((number, work(&name, input))).is_err() {
                    return;
                }
            }
        };
        match Builder::new().name("judge".to_owned()).stack_size(STACK).spawn_scoped(self.scope, judge) {
            Ok(_) => self.judges += 1,
            Err(_) => self.most = self.judges,
        }
    }

    /// Waits for the next result, and takes all whose turn it is.
    fn receive(&mut self) {
        if let Ok((number, result)) = self.results.recv() {
            self.sort(number, result);
        }
    }

    fn sort(&mut self, number: usize, result: T) {
        self.back += 1;
        self.early.insert(number, result);
        while let Some(next) = self.early.remove(&self.taken) {
            (self.take)(next);
            self.taken += 1;
        }
    }
}

impl<'e, T: Send + 'e> Visit for Pool<'_, 'e, T> {
    fn room(&mut self, octets: u64) {
        while self.back < self.given && self.held.load(Ordering::Relaxed).saturating_add(octets) > OCTETS {
            self.receive();
        }
    }

    fn held(&self) -> &Arc<AtomicU64> {
        &self.held
    }

    fn message(&mut self, name: String, input: Result<Letter, String>) {
        while self.given - self.taken >= AHEAD {
            self.receive();
        }
        if self.most > 1 && self.judges < self.most && self.given - self.back >= self.judges {
            self.hire();
        }
        let number = self.given;
        self.given += 1;
        if self.judges == 0 {
            let result = (self.work)(&name, input);
            return self.sort(number, result);
        }
        // The queue is open as long as this holds its other end.
        let _ = self.tasks.send(Task { number, name, input });
        while let Ok((number, result)) = self.results.try_recv() {
            self.sort(number, result);
        }
    }
}
