//! Chance, all of it drawn from one seed.
//!
//! What is drawn depends on what it is for and on how often that was asked before, never on what else happens: a run with
//! fewer orders draws the same for those that are left, and so a long history can be made short.

use crate::fault::Fault;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// The dice of one run.
#[derive(Debug)]
pub(crate) struct Dice {
    seed: u64,
    off: BTreeSet<Fault>,
    ends_at: Option<u64>,
    moments: AtomicU64,
    calm: AtomicBool,
    rolls: Mutex<HashMap<u64, u64>>,
    struck: Mutex<BTreeMap<Fault, u64>>,
}

impl Dice {
    /// Dice of a seed. With `ends_at`, functions end at that moment of the work on orders, and at no other.
    pub(crate) fn new(seed: u64, off: BTreeSet<Fault>, ends_at: Option<u64>) -> Self {
        let (calm, moments) = (AtomicBool::new(false), AtomicU64::new(0));
        Self { seed, off, ends_at, moments, calm, rolls: Mutex::default(), struck: Mutex::default() }
    }

    /// Whether a function ends at this moment of the work on `scope`.
    pub(crate) fn ends_here(&self, scope: &str) -> bool {
        let moment = if scope.starts_with("o-") { self.moments.fetch_add(1, Ordering::Relaxed) } else { u64::MAX };
        match self.ends_at {
            None => self.strikes(Fault::Crash, scope),
            Some(at) => moment == at,
        }
    }

    /// How many moments the work on orders has had.
    pub(crate) fn moments(&self) -> u64 {
        self.moments.load(Ordering::Relaxed)
    }

    /// From now on nothing strikes.
    pub(crate) fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Relaxed)
    }

    /// Whether a fault strikes this time. `scope` names what it would strike.
    pub(crate) fn strikes(&self, fault: Fault, scope: &str) -> bool {
        let roll = self.roll(fault.name(), scope);
        let strikes = !self.is_calm() && !self.off.contains(&fault) && roll % 10_000 < fault.odds();
        if strikes {
            self.count(fault);
        }
        strikes
    }

    /// A fault that was planned rather than rolled for has struck.
    pub(crate) fn count(&self, fault: Fault) {
        *lock(&self.struck).entry(fault).or_default() += 1;
    }

    pub(crate) fn is_off(&self, fault: Fault) -> bool {
        self.off.contains(&fault)
    }

    /// How often each fault has struck.
    pub(crate) fn struck(&self) -> BTreeMap<Fault, u64> {
        lock(&self.struck).clone()
    }

    /// A number below `limit`.
    pub(crate) fn below(&self, what: &str, scope: &str, limit: u64) -> u64 {
        self.roll(what, scope) % limit.max(1)
    }

    /// A time between two, in milliseconds.
    pub(crate) fn millis(&self, what: &str, scope: &str, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(what, scope, to - from))
    }

    fn roll(&self, what: &str, scope: &str) -> u64 {
        let name = mix(self.seed ^ hash(what).rotate_left(17) ^ hash(scope));
        let mut rolls = lock(&self.rolls);
        let times = rolls.entry(name).or_default();
        *times += 1;
        mix(name.wrapping_add(*times))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// FNV-1a: the same on every machine and with every compiler, unlike the standard library's hashes.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of `SplitMix64`.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
