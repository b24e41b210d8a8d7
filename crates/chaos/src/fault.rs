//! What can go wrong, where, and how often.

use std::fmt;

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $variant:ident, $name:literal, $odds:literal;)*) => {
        /// One kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Fault {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in the table and on the command line.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// How often it strikes, in ten thousand occasions; of what is planned and not rolled for, 0.
            pub(crate) fn odds(self) -> u64 {
                match self { $(Self::$variant => $odds),* }
            }
        }
    };
}

faults! {
    /// A webhook never arrives.
    WebhookLost, "webhook-lost", 700;
    /// A webhook arrives twice.
    WebhookDoubled, "webhook-doubled", 700;
    /// A webhook arrives up to twenty minutes late.
    WebhookDelayed, "webhook-delayed", 400;
    /// A webhook is overtaken by the next ones.
    WebhookReordered, "webhook-reordered", 1000;
    /// The queue gives a message to two at once.
    MessageDoubled, "message-doubled", 300;
    /// A message that was done with comes again after its visibility time-out.
    MessageNotDeleted, "message-not-deleted", 100;
    /// A message cannot be stored.
    SendFailed, "send-failed", 300;
    /// Of several messages only the first are stored.
    SendPartly, "send-partly", 300;
    /// The messages are stored and the answer is lost.
    SendAnswerLost, "send-answer-lost", 200;
    /// The queue does not hide a message that comes back.
    HideFailed, "hide-failed", 200;
    /// The function is ended between two awaits.
    Crash, "crash", 30;
    /// A lease runs out under its holder, who goes on.
    Zombie, "zombie", 400;
    /// A function stands still between two awaits, for up to ten minutes, and goes on though its time is over.
    Frozen, "frozen", 15;
    /// The clock of a function is wrong.
    ClockSkew, "clock-skew", 1500;
    /// A deploy in the middle: items and messages in older forms, messages of a later version.
    Deploy, "deploy", 0;
    /// A message of a version that this deploy does not know, after a deploy was taken back.
    LaterVersion, "later-version", 40;
    /// The table is throttled.
    TableThrottled, "table-throttled", 50;
    /// The table writes and its answer is lost.
    TableAnswerLost, "table-answer-lost", 80;
    /// The till takes its time, sometimes longer than anybody waits.
    TillSlow, "till-slow", 250;
    /// The till answers 5xx and has done nothing.
    TillFault, "till-fault", 120;
    /// The till asks to slow down.
    TillRateLimited, "till-429", 60;
    /// The till does it and answers 5xx, or not at all.
    TillCommittedThenFailed, "till-committed-then-failed", 400;
    /// The till's answer breaks off.
    TillTruncated, "till-truncated", 60;
    /// The till cannot be reached for up to an hour.
    TillDown, "till-down", 0;
    /// The till refuses the key for some minutes.
    TillKeyRefused, "till-key-refused", 0;
    /// The till's webhooks are silent for up to an hour.
    TillSilent, "till-silent", 0;
    /// A product is taken out of the till while orders for it are under way.
    ProductDeleted, "product-deleted", 0;
    /// The platform takes its time, sometimes longer than anybody waits.
    PlatformSlow, "platform-slow", 200;
    /// The platform answers 5xx or 429 and has done nothing.
    PlatformFault, "platform-fault", 300;
    /// The platform does it and answers 5xx, or not at all.
    PlatformCommittedThenFailed, "platform-committed-then-failed", 400;
    /// The platform cannot be reached for some minutes.
    PlatformDown, "platform-down", 0;
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let names = || Self::ALL.iter().map(|fault| fault.name()).collect::<Vec<_>>().join(", ");
        Self::ALL.iter().copied().find(|fault| fault.name() == text).ok_or_else(|| format!("not one of {}", names()))
    }
}
