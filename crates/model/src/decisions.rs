//! The decisions of [`domain::lifecycle::step()`], each asked for once.
//!
//! A state of an order is a number here, so that a world is small and two worlds are quickly told apart. Nothing is
//! decided in this module; all times are one instant, and the history, which decides nothing, is left out.

use domain::{
    Cents, TillOrderId,
    lifecycle::{Body, Event, OrderState, Phase, Signal, TillSays, What, step},
    messages,
    order::{Order, Status},
};
use jiff::Timestamp;
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// Names a state of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateId(usize);

/// What can happen to an order, each in one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happens {
    /// It is ready to be sent.
    Intended,
    /// The till has it.
    Created,
    /// The till was read and does not have it.
    Absent,
    /// It will not be sent.
    NotSent,
    /// The till could not be asked.
    Unreachable,
    /// The till was seen to say this.
    Till(Signal),
    /// The customer called it off.
    Cancelled,
    /// The platform has it here.
    PlatformIs(Status),
    /// An operator has it sent again.
    Replayed,
}

impl Happens {
    fn as_event(self, known: &Known) -> Event {
        match self {
            Self::Intended => Event::Intended {
                date: known.now,
                due: known.now,
                body: Body::new(String::new()),
                notice: String::new(),
            },
            Self::Created => Event::Created { id: known.till_order.clone() },
            Self::Absent => Event::Absent,
            Self::NotSent => Event::NotSent { message: messages::REFUSED_BY_TILL.to_owned() },
            Self::Unreachable => Event::Unreachable { status: None },
            Self::Till(signal) => {
                Event::Till { signal, id: known.till_order.clone(), reason: None, amount: Some(known.total) }
            }
            Self::Cancelled => Event::CancelledOnPlatform,
            Self::PlatformIs(status) => Event::PlatformIsAt { status },
            Self::Replayed => Event::Replayed { attempt: 1, again: true },
        }
    }
}

/// What the first pending effect does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Create the order, or look what became of its creation.
    Create,
    /// Tell the customer.
    Customer(Status),
    /// Tell the staff.
    Staff(TillSays),
    /// Have oneself called back.
    Deadlines,
}

/// A request to the platform as it knows it again: the number of the effect, and all that the request says.
pub type Request = (u32, usize);

/// What the protocol looks at.
#[derive(Debug, Clone, Copy)]
pub struct Glance {
    /// What the customer knows.
    pub status: Status,
    /// Whether anybody still wants it.
    pub is_alive: bool,
    /// Whether anything is left to happen.
    pub is_open: bool,
    /// Known, and nothing was sent.
    pub is_received: bool,
    /// The intent is stored.
    pub is_creating: bool,
    /// On the till.
    pub is_on_till: bool,
    /// Not on the till, for good.
    pub is_not_on_till: bool,
    /// The first pending effect with its request.
    pub first: Option<(First, Request)>,
}

/// The facts of the one order.
struct Known {
    order: Order,
    total: Cents,
    till_order: TillOrderId,
    now: Timestamp,
}

#[derive(Default)]
struct Table {
    states: Vec<(Rc<OrderState>, Glance)>,
    ids: HashMap<String, StateId>,
    requests: HashMap<String, usize>,
    steps: HashMap<(StateId, Happens), StateId>,
    done: HashMap<StateId, StateId>,
}

/// All decisions about one order.
pub struct Decisions {
    known: Known,
    table: RefCell<Table>,
}

impl Decisions {
    /// Of an order paid online or at the restaurant.
    ///
    /// # Errors
    /// When the order of the model is none: a mistake in the model.
    pub fn new(online: bool) -> Result<Self, serde_json::Error> {
        let order: Order = serde_json::from_value(serde_json::json!({
            "id": "order-1", "tenant": "rest-1", "number": "1", "status": "new", "service": "takeaway",
            "created_at": "2026-11-24T17:00:00Z", "requested_for": null,
            "customer": {"id": "customer-1", "first_name": "Cliente", "last_name": "Prova", "email": null, "phone": null},
            "delivery": null, "payment": {"online": online, "paid": online, "transaction_id": null},
            "lines": [], "fees": [], "discounts": [], "total": 900, "notes": ""
        }))?;
        let till_order = serde_json::from_value(serde_json::json!("till-1"))?;
        let known = Known { total: order.total, now: order.created_at, till_order, order };
        Ok(Self { known, table: RefCell::default() })
    }

    /// Whether it was paid online.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.known.order.payment.online
    }

    /// How many states of the order were seen.
    #[must_use]
    pub fn seen(&self) -> usize {
        self.table.borrow().states.len()
    }

    /// The till's order.
    #[must_use]
    pub fn till_order(&self) -> TillOrderId {
        self.known.till_order.clone()
    }

    /// The state as if the customer had not heard anything yet: what a protocol would see that forgets it.
    #[must_use]
    pub fn unheard(&self, state: StateId) -> StateId {
        let forgetful = OrderState { status: Status::New, ..(*self.state(state)).clone() };
        self.intern(forgetful)
    }

    /// The state with everything carried out but a creation, and the effects counted anew.
    #[must_use]
    pub fn settled(&self, state: StateId) -> StateId {
        let mut settled = (*self.state(state)).clone();
        settled.pending.retain(|effect| effect.what == What::Create);
        settled.pending.iter_mut().for_each(|effect| effect.seq = 0);
        settled.next_seq = 1;
        self.intern(settled)
    }

    /// An order just received, with the status that the platform has.
    #[must_use]
    pub fn received(&self, status: Status) -> StateId {
        let order = Order { status, ..self.known.order.clone() };
        self.intern(OrderState::received(&order, self.known.now))
    }

    /// An order called off before it was seen.
    #[must_use]
    pub fn tombstone(&self) -> StateId {
        self.intern(OrderState::tombstone(self.known.now))
    }

    /// The state after an event; the same if it changes nothing.
    #[must_use]
    pub fn step(&self, before: StateId, happens: Happens) -> StateId {
        let known = self.table.borrow().steps.get(&(before, happens)).copied();
        known.unwrap_or_else(|| {
            let state = self.state(before);
            let next = step(&state, &happens.as_event(&self.known), self.known.now);
            let after = next.map_or(before, |next| self.intern(next));
            self.table.borrow_mut().steps.insert((before, happens), after);
            after
        })
    }

    /// The state with its first effect carried out.
    #[must_use]
    pub fn done(&self, before: StateId) -> StateId {
        let known = self.table.borrow().done.get(&before).copied();
        known.unwrap_or_else(|| {
            let mut state = (*self.state(before)).clone();
            if let Some(seq) = state.pending.first().map(|effect| effect.seq) {
                state.done(seq);
            }
            let after = self.intern(state);
            self.table.borrow_mut().done.insert(before, after);
            after
        })
    }

    /// What the protocol looks at in a state.
    #[must_use]
    pub fn glance(&self, state: StateId) -> Glance {
        self.table.borrow().states[state.0].1
    }

    /// The state itself.
    #[must_use]
    pub fn state(&self, state: StateId) -> Rc<OrderState> {
        Rc::clone(&self.table.borrow().states[state.0].0)
    }

    /// Whether this request may yet be made by who goes on from this state, or its number be given to another one.
    #[must_use]
    pub fn may_request(&self, state: StateId, (number, _): Request) -> bool {
        let state = self.state(state);
        number >= state.next_seq || state.pending.iter().any(|effect| effect.seq == number)
    }

    /// Whether the first effect is one that was never written.
    #[must_use]
    pub fn first_is_unwritten(&self, state: StateId, written: Option<StateId>) -> bool {
        let written = written.map(|written| self.state(written));
        let state = self.state(state);
        let first = state.pending.first();
        first.is_some_and(|first| !written.is_some_and(|written| written.pending.contains(first)))
    }

    fn intern(&self, mut state: OrderState) -> StateId {
        state.history.clear();
        // Of the attempts only whether there was one decides anything.
        (state.attempts, state.faults) = (state.attempts.min(1), 0);
        let name = format!("{state:?}");
        let mut table = self.table.borrow_mut();
        if let Some(known) = table.ids.get(&name) {
            return *known;
        }
        let first = state.pending.first().map(|effect| {
            let next = table.requests.len();
            let what = *table.requests.entry(format!("{:?}", effect.what)).or_insert(next);
            let first = match effect.what {
                What::Create => First::Create,
                What::Status { to, .. } => First::Customer(to),
                What::Staff { state, .. } => First::Staff(state),
                What::Deadlines => First::Deadlines,
            };
            (first, (effect.seq, what))
        });
        let glance = Glance {
            status: state.status,
            is_alive: state.is_alive(),
            is_open: state.is_open(),
            is_received: state.phase == Phase::Received,
            is_creating: matches!(state.phase, Phase::Creating { .. }),
            is_on_till: matches!(state.phase, Phase::OnTill { .. }),
            is_not_on_till: state.phase == Phase::NotOnTill,
            first,
        };
        let id = StateId(table.states.len());
        table.states.push((Rc::new(state), glance));
        table.ids.insert(name, id);
        id
    }
}
