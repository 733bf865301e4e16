//! The writer: one thread that commits what has queued, one group after the other.
//!
//! A group is all the batches that arrived while the last group was made durable; the writer does not wait for
//! more. It answers no batch of a group before the whole group is durable. That includes conflicts, because a
//! conflict may rest on a write of the same group.
//!
//! After a failure the writer opens the file again when a batch arrives, and in every pause of two seconds without
//! one: a load balancer sends no writes to a server whose health says that it takes none. In such a pause it also
//! records the free space, which a commit on its own does not (see the crate's documentation).

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::Settings;
use crate::data_file::{DataFile, check_disk, check_format, explain, guarded};
use crate::disk::Medium;
use crate::displaced::NamedFile;
use crate::failed::{Failed, GroupFailed, State};
use crate::group;
use crate::queue::{Queue, Waited};
use crate::room::{Room, frees_space};
use crate::shared::{Job, Shared};
use crate::view::{View, damaged_data};
use keyfront_engine::{Batch, Cause, Change, Outcome, StoreError, Version};

/// Why a batch is refused that frees no space, when what was kept of the disk is in use.
const KEPT_FOR_DELETES: &str = "the disk is full, and what little was kept of it is for deletes; free some space on it, \
                                and Keyfront takes writes again by itself. Reads go on";

type Commit = (Batch, oneshot::Sender<Result<Outcome, StoreError>>);

pub(crate) struct Writer {
    pub(crate) medium: Medium,
    pub(crate) path: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) shared: Arc<Shared>,
    /// `None` only when the file could not be opened again.
    pub(crate) file: Option<DataFile>,
    pub(crate) version: Version,
    pub(crate) generation: u64,
    pub(crate) state: State,
    /// What is kept of the disk for batches that free space, if the file is on one.
    pub(crate) room: Option<Room>,
    /// Where the file is, if it has a name.
    pub(crate) name: Option<NamedFile>,
    /// The file does not hold a record of its free space.
    pub(crate) unrecorded: bool,
    /// The time without a job after which the writer records the free space, or tries to become ready.
    pub(crate) pause: Duration,
}

impl Writer {
    /// Serves the queue until every sender is gone and it is empty.
    pub(crate) fn run(mut self, mut queue: Queue) {
        let limit = self.settings.group_batches;
        let mut jobs = Vec::with_capacity(limit);
        loop {
            let has_more = match self.state {
                State::Ready => self.unrecorded || self.name.is_some() || self.wants_room(),
                State::Reopen { .. } => true,
                State::Refuse { .. } => false,
            };
            let patience = has_more.then_some(self.pause);
            match queue.wait(&mut jobs, limit, patience) {
                Waited::Jobs => {}
                Waited::Nothing => {
                    self.use_the_pause();
                    continue;
                }
                Waited::Closed => return,
            }
            let mut group = Vec::with_capacity(jobs.len());
            let mut bytes = 0;
            for job in jobs.drain(..) {
                match job {
                    Job::Commit { batch, answer } => {
                        let size = batch.size_bytes();
                        if bytes + size > self.settings.group_bytes {
                            self.serve(std::mem::take(&mut group));
                            bytes = 0;
                        }
                        bytes += size;
                        group.push((batch, answer));
                    }
                    Job::Reopen { generation } => self.reopen_if(generation),
                }
            }
            self.serve(group);
        }
    }

    fn serve(&mut self, group: Vec<Commit>) {
        if group.is_empty() {
            return;
        }
        let group = self.without_growth(group);
        if group.is_empty() {
            return;
        }
        if let Err((message, source)) = self.make_ready() {
            if self.give_room(&group) {
                return self.serve(group);
            }
            self.answer_failure(group, || group::refused(&message, &source));
            return;
        }
        match self.commit(&group) {
            Ok((outcomes, view)) => self.answer_outcomes(group, outcomes, view),
            // One of them met the damage; the others did not ask for it.
            Err(GroupFailed::Damaged(_)) if group.len() > 1 => {
                for commit in group {
                    self.serve(vec![commit]);
                }
            }
            Err(GroupFailed::Damaged(error)) => {
                let error = Arc::new(error);
                self.shared.note_damage(damaged_data(error.clone()).to_string());
                self.answer_failure(group, || damaged_data(error.clone()));
            }
            Err(GroupFailed::Failed(failed)) => {
                self.shared.note_failure(failed.message.clone());
                self.state = failed.then;
                if failed.is_known && self.give_room(&group) {
                    return self.serve(group);
                }
                self.answer_failure(group, || {
                    group::failed(failed.is_known, &failed.message, &failed.source)
                });
                if matches!(self.state, State::Reopen { close_first: true }) {
                    // Reads depend on it; the next group finds out if it did not work.
                    drop(self.make_ready());
                }
            }
        }
    }

    fn wants_room(&self) -> bool {
        self.room.as_ref().is_some_and(Room::is_wanted)
    }

    /// Takes the room that was given, if there is space again.
    fn regain_room(&mut self) {
        if self.room.as_mut().is_some_and(|room| room.regain(self.pause)) {
            self.shared.note_recovery();
        }
    }

    /// Gives a group that frees space what was kept for it, if it met a full disk.
    fn give_room(&mut self, group: &[Commit]) -> bool {
        let failure = self.file.as_ref().and_then(|file| file.disk.failure());
        failure.is_some_and(|failure| failure.is_lack_of_space())
            && group.iter().any(|(batch, _)| frees_space(batch))
            && self.room.as_mut().is_some_and(Room::give)
    }

    /// Refuses what would use up the room that was given to batches that free space.
    fn without_growth(&mut self, group: Vec<Commit>) -> Vec<Commit> {
        if !self.room.as_ref().is_some_and(Room::is_given) {
            return group;
        }
        self.regain_room();
        if !self.room.as_ref().is_some_and(Room::is_given) {
            return group;
        }
        let (kept, refused) = group.into_iter().partition(|(batch, _)| frees_space(batch));
        let source: Cause = Arc::new(io::Error::from(ErrorKind::StorageFull));
        self.answer_failure(refused, || group::refused(KEPT_FOR_DELETES, &source));
        kept
    }

    /// Makes the group durable. The view is there only if the group wrote something.
    fn commit(&mut self, group: &[Commit]) -> Result<(Vec<Outcome>, Option<View>), GroupFailed> {
        let Some(file) = &self.file else { return Err(Failed::closed().into()) };
        if let Some(failed) = self.displaced(true) {
            return Err(failed.into());
        }
        let result = group::commit(file, self.version, group.iter().map(|(batch, _)| batch));
        // First of all: redb does not know about the disk's failures, so its word counts after this.
        let is_known = !file.disk.may_have_committed();
        if let Some(failure) = file.disk.failure() {
            return Err(Failed::of_disk(&failure, is_known).into());
        }
        let (outcomes, version) = result.map_err(|failed| match failed {
            group::Failed::Damaged(error) => GroupFailed::Damaged(error),
            group::Failed::Other(error) => Failed::of_redb(error, is_known).into(),
        })?;
        self.shared.counts.disk_bytes.store(file.disk.len_bytes(), Ordering::Relaxed);
        if version == self.version {
            return Ok((outcomes, None));
        }
        // It can have gone while it was written.
        if let Some(failed) = self.displaced(false) {
            return Err(failed.into());
        }
        self.unrecorded = true;
        let view = guarded(|| View::open(file.database.get()?, version, self.generation));
        Ok((outcomes, Some(view.map_err(|error| Failed::of_redb(error, false))?)))
    }

    /// How a group fails because the file is no longer the one that was opened, or where it was. From then on it is
    /// left alone.
    fn displaced(&self, is_known: bool) -> Option<Failed> {
        let Some(file) = &self.file else { return None };
        let failed = if let Some(message) = self.name.as_ref().and_then(NamedFile::displaced) {
            Failed::displaced(message, is_known)
        } else if file.disk.was_altered() {
            Failed::altered(&self.path, is_known)
        } else {
            return None;
        };
        file.disk.freeze();
        Some(failed)
    }

    fn answer_outcomes(&mut self, group: Vec<Commit>, outcomes: Vec<Outcome>, view: Option<View>) {
        let counts = &self.shared.counts;
        if let Some(view) = view {
            self.version = view.version;
            self.shared.show(view);
            counts.groups.fetch_add(1, Ordering::Relaxed);
            counts.largest_group.fetch_max(count(group.len()), Ordering::Relaxed);
        }
        let mut changes = Vec::with_capacity(group.len());
        let mut answers = Vec::with_capacity(group.len());
        for ((batch, answer), outcome) in group.into_iter().zip(outcomes) {
            match outcome {
                Outcome::Committed(version) => {
                    counts.commits.fetch_add(1, Ordering::Relaxed);
                    if !batch.writes.is_empty() {
                        changes.push(Change { version, writes: batch.writes });
                    }
                }
                Outcome::Conflict => {
                    counts.conflicts.fetch_add(1, Ordering::Relaxed);
                }
            }
            answers.push((answer, outcome));
        }
        if !changes.is_empty() {
            self.shared.log.publish(changes);
        }
        for (answer, outcome) in answers {
            // A caller that no longer waits is none of the writer's concern.
            drop(answer.send(Ok(outcome)));
        }
    }

    fn answer_failure(&self, group: Vec<Commit>, error: impl Fn() -> StoreError) {
        self.shared.counts.failures.fetch_add(count(group.len()), Ordering::Relaxed);
        for (_, answer) in group {
            drop(answer.send(Err(error())));
        }
    }

    fn reopen_if(&mut self, generation: u64) {
        if generation == self.generation && !matches!(self.state, State::Refuse { .. }) {
            self.state = State::Reopen { close_first: true };
            drop(self.make_ready());
        }
    }

    fn make_ready(&mut self) -> Result<(), (String, Cause)> {
        match self.state.clone() {
            State::Ready => Ok(()),
            State::Refuse { message, source } => Err((message, source)),
            State::Reopen { close_first } => {
                if let Some(Failed { message, source, then, .. }) = self.displaced(true) {
                    self.shared.note_failure(message.clone());
                    self.state = then;
                    return Err((message, source));
                }
                let reopened = self.reopen(close_first).map_err(|error| {
                    let cause: Cause = Arc::new(error);
                    (cause.to_string(), cause)
                });
                match reopened.and_then(|()| self.commit_nothing()) {
                    Ok(()) => {
                        self.state = State::Ready;
                        if self.room.as_ref().is_some_and(Room::is_given) {
                            self.shared.note_failure(KEPT_FOR_DELETES.to_owned());
                        } else {
                            self.shared.note_recovery();
                        }
                        Ok(())
                    }
                    Err((message, cause)) => {
                        self.shared.note_failure(message.clone());
                        Err((message, cause))
                    }
                }
            }
        }
    }

    fn use_the_pause(&mut self) {
        if matches!(self.state, State::Ready) {
            if let Some(failed) = self.displaced(true) {
                self.shared.note_failure(failed.message);
                self.state = failed.then;
            } else if self.unrecorded
                && let Err((message, _)) = self.commit_nothing()
            {
                self.shared.note_failure(message);
            } else {
                self.regain_room();
            }
        } else {
            // `make_ready` notes what went wrong, and the health shows it.
            drop(self.make_ready());
        }
    }

    /// Commits nothing, which records the free space and shows that the disk takes a commit.
    fn commit_nothing(&mut self) -> Result<(), (String, Cause)> {
        let Some(file) = &self.file else { return Ok(()) };
        let result = guarded(|| group::commit_nothing(file, self.version));
        let is_known = !file.disk.may_have_committed();
        let failed = match (file.disk.failure(), result) {
            (Some(failure), _) => Failed::of_disk(&failure, is_known),
            (None, Err(error)) => Failed::of_redb(error, is_known),
            (None, Ok(())) => {
                self.unrecorded = false;
                self.shared.counts.disk_bytes.store(file.disk.len_bytes(), Ordering::Relaxed);
                return Ok(());
            }
        };
        self.state = failed.then;
        Err((failed.message, failed.source))
    }

    /// Opens the file again: what was committed is there, and nothing else.
    fn reopen(&mut self, close_first: bool) -> Result<(), StoreError> {
        if close_first {
            self.file = None;
        }
        let file = DataFile::reopen(&self.medium, &self.path, &self.settings)?;
        check_disk(&file.disk, &self.path)?;
        let database = file.database.get().map_err(|error| explain(&self.path, error))?;
        let version = check_format(database, &self.path)?;
        let generation = self.generation + 1;
        let view = guarded(|| View::open(database, version, generation))
            .map_err(|error| explain(&self.path, error))?;
        self.shared.show(view);
        self.generation = generation;
        if version != self.version {
            // A group whose outcome was unknown turns out to be there.
            self.version = version;
            self.shared.log.reset(version);
        }
        // Closes the old one, which waits for its reads and ends what is left of them, before anything
        // is written that could take the place of what they read.
        self.file = Some(file);
        Ok(())
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
