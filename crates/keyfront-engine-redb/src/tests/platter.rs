//! A disk for tests: it fails when told to, stops in the middle of a flush, and loses power.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use redb::StorageBackend;

const SECTOR_BYTES: usize = 512;

/// Numbers that look random and are the same in every run.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Access {
    Read,
    Write,
    Resize,
    Sync,
}

#[derive(Debug)]
enum Pending {
    Write(u64, Vec<u8>),
    Resize(u64),
}

/// What is on the disk if the power fails at some moment, and what had been promised by then.
pub(super) struct Crash {
    pub(super) image: Vec<u8>,
    pub(super) promised: u64,
}

#[derive(Default)]
struct State {
    /// What a process reads: the operating system's memory.
    now: Vec<u8>,
    /// What was there at the last sync.
    durable: Vec<u8>,
    /// What was done since.
    pending: Vec<Pending>,
    /// Fails this kind of access, after so many of them that work.
    fails: Option<(Access, u64, ErrorKind)>,
    failures: u64,
    reads: u64,
    /// Cuts the power now and then: one access in so many.
    crashes: Option<(Dice, u64)>,
    images: Vec<Crash>,
    promised: u64,
    /// Ignores syncs and says that they worked.
    lies: bool,
    hold: Hold,
}

/// Whether syncs are let through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Hold {
    #[default]
    Open,
    Closed,
    /// Closed, and a sync waits for it to open.
    Met,
}

#[derive(Default)]
pub(super) struct Platter {
    state: Mutex<State>,
    released: Condvar,
}

impl Platter {
    pub(super) fn holding(image: Vec<u8>) -> Arc<Platter> {
        let state = State { now: image.clone(), durable: image, ..State::default() };
        Arc::new(Platter { state: Mutex::new(state), released: Condvar::new() })
    }

    pub(super) fn fail(&self, access: Access, after: u64, kind: ErrorKind) {
        let mut state = self.lock();
        state.fails = Some((access, after, kind));
        state.failures = 0;
    }

    pub(super) fn heal(&self) {
        self.lock().fails = None;
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failures() > 0
    }

    /// How often the armed failure was met.
    pub(super) fn failures(&self) -> u64 {
        self.lock().failures
    }

    pub(super) fn cut_power(&self, seed: u64, one_in: u64) {
        self.lock().crashes = Some((Dice::new(seed), one_in));
    }

    pub(super) fn lie_about_syncs(&self) {
        self.lock().lies = true;
    }

    /// How often something was read.
    pub(super) fn reads(&self) -> u64 {
        self.lock().reads
    }

    /// Notes that everything up to this version was answered.
    pub(super) fn promise(&self, version: u64) {
        let mut state = self.lock();
        state.promised = state.promised.max(version);
    }

    pub(super) fn crashes(&self) -> Vec<Crash> {
        std::mem::take(&mut self.lock().images)
    }

    /// What a process finds that starts after this one ended.
    pub(super) fn now(&self) -> Vec<u8> {
        self.lock().now.clone()
    }

    /// What a machine finds that starts after its power failed, in one of many possible cases.
    pub(super) fn after_power_loss(&self, dice: &mut Dice) -> Vec<u8> {
        let state = self.lock();
        lose(&state.durable, &state.pending, dice)
    }

    /// Stops every sync until [`release`](Platter::release).
    pub(super) fn hold_syncs(&self) {
        self.lock().hold = Hold::Closed;
    }

    /// True when a sync has been stopped.
    pub(super) fn is_holding_a_sync(&self) -> bool {
        self.lock().hold == Hold::Met
    }

    pub(super) fn release(&self) {
        self.lock().hold = Hold::Open;
        self.released.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    fn access(&mut self, access: Access) -> io::Result<()> {
        let failing = self.fails.as_mut().filter(|(failing, _, _)| *failing == access);
        if let Some((_, after, kind)) = failing {
            if *after == 0 {
                self.failures += 1;
                return Err(io::Error::new(*kind, "injected"));
            }
            *after -= 1;
        }
        Ok(())
    }

    /// Something was done that is not durable yet.
    fn push(&mut self, pending: Pending) {
        self.pending.push(pending);
        if let Some((dice, one_in)) = &mut self.crashes
            && dice.below(*one_in) == 0
        {
            let image = lose(&self.durable, &self.pending, dice);
            self.images.push(Crash { image, promised: self.promised });
        }
    }
}

/// Keeps a random part of what was not durable, torn at sectors.
fn lose(durable: &[u8], pending: &[Pending], dice: &mut Dice) -> Vec<u8> {
    let mut image = durable.to_vec();
    for pending in pending.iter().filter(|_| dice.below(2) == 0).collect::<Vec<_>>() {
        match pending {
            Pending::Resize(len) => image.resize(usize::try_from(*len).unwrap(), 0),
            Pending::Write(offset, data) => {
                let whole = dice.below(2) == 0;
                let (mut start, mut rest) = (usize::try_from(*offset).unwrap(), &data[..]);
                while !rest.is_empty() {
                    let end_of_sector = (start / SECTOR_BYTES + 1) * SECTOR_BYTES;
                    let (sector, after) = rest.split_at(rest.len().min(end_of_sector - start));
                    if (whole || dice.below(2) == 0) && start + sector.len() <= image.len() {
                        image[start..start + sector.len()].copy_from_slice(sector);
                    }
                    (start, rest) = (start + sector.len(), after);
                }
            }
        }
    }
    image
}

impl std::fmt::Debug for Platter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platter")
    }
}

impl StorageBackend for Platter {
    fn len(&self) -> io::Result<u64> {
        Ok(u64::try_from(self.lock().now.len()).unwrap())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut state = self.lock();
        state.access(Access::Read)?;
        state.reads += 1;
        let start = usize::try_from(offset).unwrap();
        let found = state.now.get(start..start + out.len());
        out.copy_from_slice(found.ok_or_else(|| io::Error::from(ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.lock();
        state.access(Access::Resize)?;
        state.now.resize(usize::try_from(len).unwrap(), 0);
        state.push(Pending::Resize(len));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.lock();
        while state.hold != Hold::Open {
            state.hold = Hold::Met;
            state = self.released.wait(state).unwrap();
        }
        state.access(Access::Sync)?;
        if state.lies {
            return Ok(());
        }
        state.durable = state.now.clone();
        state.pending.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        state.access(Access::Write)?;
        let start = usize::try_from(offset).unwrap();
        let end = start + data.len();
        if state.now.len() < end {
            state.now.resize(end, 0);
        }
        state.now[start..end].copy_from_slice(data);
        state.push(Pending::Write(offset, data.to_vec()));
        Ok(())
    }
}
