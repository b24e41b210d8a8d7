//! Where it is shared how a party is: one small item for each API key of the till, one for the platform.

use super::StoreError;
use domain::{circuit::Standing, lifecycle::short_name};
use secrecy::{ExposeSecret, SecretString};
use std::{fmt, future::Future};

/// A party as one way of calling it: the till by API key, since it counts calls by key; the platform as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Upstream(String);

impl Upstream {
    /// The till behind this API key, which does not show in it.
    #[must_use]
    pub fn till(api_key: &SecretString) -> Self {
        Self(format!("till#{}", short_name(api_key.expose_secret())))
    }

    /// The platform.
    #[must_use]
    pub fn platform() -> Self {
        Self("platform".to_owned())
    }

    /// Its name, as keys and logs have it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a party is, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredStanding {
    /// How it is.
    pub standing: Standing,
    /// Counts the saves; the fence of the next one.
    pub revision: u64,
}

/// How a save ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Written, with this revision.
    Done(u64),
    /// Somebody else was faster; nothing was written, and this is what is stored.
    Lost(Option<StoredStanding>),
}

/// Shares how parties are. What is a day past mattering may be forgotten.
pub trait CircuitStore: Send + Sync {
    /// How a party was a moment ago; none if nobody has had anything to say of it.
    fn load(&self, upstream: &Upstream) -> impl Future<Output = Result<Option<StoredStanding>, StoreError>> + Send;

    /// Writes how a party is: MUST write only if the stored revision is `expected`, or there is none when none is
    /// expected. One write.
    fn save(
        &self,
        upstream: &Upstream,
        expected: Option<u64>,
        standing: &Standing,
    ) -> impl Future<Output = Result<Saved, StoreError>> + Send;
}
