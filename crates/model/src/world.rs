//! One order with all who have to do with it: the stored item, the workers, the queue, the till, the platform.
//!
//! Data only, as small as it can be: what two worlds differ in decides what may happen next.

use crate::decisions::{Request, StateId};
use domain::{order::Status, till::Workflow};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Facts left for whoever works on the order, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Facts(u8);

impl Facts {
    /// The customer called it off.
    pub const CANCELLED: Self = Self(1);
    /// A fiscal document names it.
    pub const DOCUMENTED: Self = Self(2);
    /// The till spoke of it.
    pub const LOOK_AGAIN: Self = Self(4);

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether this fact is there.
    #[must_use]
    pub fn has(self, fact: Self) -> bool {
        self.0 & fact.0 != 0
    }

    /// With these facts too.
    #[must_use]
    pub fn with(self, facts: Self) -> Self {
        Self(self.0 | facts.0)
    }

    /// Without these facts.
    #[must_use]
    pub fn without(self, facts: Self) -> Self {
        Self(self.0 & !facts.0)
    }
}

/// The order as it is stored. Its revision is told by who is [up to date](Worker::is_current).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// The state.
    pub state: StateId,
    /// Whether a lease runs.
    pub is_taken: bool,
    /// What others left.
    pub parked: Facts,
    /// Whether it is in the index of open orders.
    pub is_listed: bool,
}

/// Why an order is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Input {
    /// The platform says that it has this status.
    Placed(Status),
    /// The customer called it off.
    Cancelled,
    /// The till called, and said this.
    Hint(Workflow),
    /// A fiscal document names it.
    Document,
    /// The job of every minute.
    Poll,
    /// That job read this in the till's list.
    Seen(Workflow),
    /// That job drives it on; whether it has the platform's order in hand.
    Wake(bool),
}

/// A message of the orders queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Message {
    /// What it says.
    pub input: Input,
    /// Whether it was delivered before.
    pub again: bool,
}

impl Message {
    /// As it is delivered the next time; only of a placement does that make a difference.
    #[must_use]
    pub fn again(self) -> Self {
        Self { again: matches!(self.input, Input::Placed(_)), ..self }
    }
}

/// What a worker does next: the one thing outside itself that it touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// Loads the order.
    Load,
    /// Asks the platform about a placement that came again and is not stored.
    AskWhetherPlaced,
    /// Reads the till because of its input.
    Observe,
    /// Leaves a fact.
    Park,
    /// Takes the order, with the state as it is now.
    Take,
    /// Writes the state and has nothing else to do.
    Write,
    /// Carries out the first pending effect.
    Effect,
    /// Asks the platform whether an order that comes back is still wanted.
    AskBeforePreparing,
    /// Reads the till to make the order ready.
    Prepare,
    /// Writes what was decided and keeps the order; whether the creation comes next.
    Keep(bool),
    /// Has the till create the order.
    Create,
    /// Reads whether the till has the order; whether that is because of a conflict.
    ReadBack(bool),
    /// Asks the platform before an order is sent a second time.
    AskBeforeResending,
    /// Reads the till because of a fact.
    LookAgain,
    /// Frees the order.
    Free,
    /// Reads the till's list.
    List,
    /// Asks the platform for an order that is to be driven on.
    AskForPoll,
}

/// A lease as its holder knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lease {
    /// None was taken.
    None,
    /// It runs.
    Runs,
    /// It has run out: the holder is a zombie.
    Over,
}

/// One holder's work: nothing of it is true for others before a commit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Session {
    /// What was decided.
    pub state: StateId,
    /// What was read or written last.
    pub stored: Option<StateId>,
    /// Facts still to be dealt with.
    pub facts: Facts,
    /// The facts that were read.
    pub parked: Facts,
    /// Whether only effects are left to be carried out.
    pub is_last_round: bool,
    /// Whether something failed: what can be told is told, then the order is given back.
    pub is_failing: bool,
}

/// One invocation on its way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Worker {
    /// Why.
    pub input: Input,
    /// What comes back if it fails.
    pub message: Option<Message>,
    /// What it does next.
    pub at: At,
    /// Whether the stored revision is the one that it knows.
    pub is_current: bool,
    /// Its lease.
    pub lease: Lease,
    /// Its work.
    pub session: Option<Session>,
    /// Whether it has the platform's order in hand, and could send it.
    pub has_order: bool,
    /// Whether that order has just been placed, so that nobody need ask whether it is still wanted.
    pub is_fresh: bool,
}

/// The till, as far as the order goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Till {
    /// How often it has the order.
    pub orders: u8,
    /// Where the order is.
    pub workflow: Workflow,
    /// Whether a fiscal document was issued.
    pub is_documented: bool,
    /// How often the restaurateur will yet move it.
    pub moves: u8,
}

/// The platform, as far as the order goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Platform {
    /// Where the order is.
    pub status: Status,
    /// What we asked it to tell the customer, refused requests included.
    pub asked: Vec<Status>,
    /// What the customer heard, whoever caused it.
    pub heard: Vec<Status>,
    /// What staff see.
    pub shown: Option<domain::lifecycle::TillSays>,
    /// The requests that it knows again.
    pub requests: Vec<Request>,
    /// How often somebody will yet move the order here.
    pub moves: u8,
    /// Whether it was moved here and nobody told us.
    pub is_ahead: bool,
}

/// What may yet go wrong, each so many times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Faults {
    /// A worker ends between two of its steps.
    pub crashes: u8,
    /// A message is delivered twice.
    pub duplicates: u8,
    /// A call fails or its answer is lost, a message is lost, a lease runs out on who works.
    pub others: u8,
}

/// Everything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct World {
    /// The stored order.
    pub item: Option<Item>,
    /// Who works, in a fixed sequence.
    pub workers: Vec<Worker>,
    /// Messages not yet delivered, in a fixed sequence.
    pub queue: Vec<Message>,
    /// The till.
    pub till: Till,
    /// The platform.
    pub platform: Platform,
    /// What may yet go wrong.
    pub faults: Faults,
    /// A promise that has been broken by what just happened.
    pub broken: Option<&'static str>,
}

impl World {
    /// An order just placed on the platform, whose webhook is on its way.
    #[must_use]
    pub fn new(faults: Faults, till_moves: u8, platform_moves: u8) -> Self {
        Self {
            item: None,
            workers: Vec::new(),
            queue: vec![Message { input: Input::Placed(Status::New), again: false }],
            till: Till { orders: 0, workflow: Workflow::Requested, is_documented: false, moves: till_moves },
            platform: Platform {
                status: Status::New,
                asked: Vec::new(),
                heard: Vec::new(),
                shown: None,
                requests: Vec::new(),
                moves: platform_moves,
                is_ahead: false,
            },
            faults,
            broken: None,
        }
    }

    /// Puts a message on the queue; the same one twice is one.
    pub fn send(&mut self, message: Message) {
        if !self.queue.contains(&message) {
            self.queue.push(message);
        }
    }

    /// Who works and which messages wait, in whatever sequence, is the same world.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.queue.sort_by_cached_key(number);
        self.workers.sort_by_cached_key(number);
        self.platform.requests.sort_unstable();
        self
    }
}

fn number(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
