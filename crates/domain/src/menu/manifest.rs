//! What was last written to the platform, as fingerprints: unchanged things cost nothing.

use super::model::{Entry, Kind};
use std::collections::BTreeMap;

/// What is known of one entry on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Written, with this fingerprint; whether a customer could order it.
    Written {
        /// Of everything that was written.
        fingerprint: u64,
        /// Whether it could be ordered.
        orderable: bool,
    },
    /// Deactivated: it waits for a person to delete it.
    Deactivated,
}

/// What was last written to the platform, by entry key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The entries.
    pub entries: BTreeMap<String, Known>,
}

impl Manifest {
    /// Notes that an entry was written.
    pub fn written(&mut self, entry: &Entry) {
        let known = Known::Written { fingerprint: entry.fingerprint(), orderable: entry.is_orderable() };
        self.entries.insert(entry.key(), known);
    }

    /// Notes that an entry was deactivated.
    pub fn deactivated(&mut self, key: &str) {
        self.entries.insert(key.to_owned(), Known::Deactivated);
    }

    /// How many dishes could be ordered.
    #[must_use]
    pub fn orderable_dishes(&self) -> usize {
        let orderable = |(key, known): (&String, &Known)| {
            Kind::of_key(key) == Some(Kind::Dish) && matches!(known, Known::Written { orderable: true, .. })
        };
        self.entries.iter().filter(|entry| orderable(*entry)).count()
    }

    /// One shard of the manifest as bytes: sorted lines `key TAB fingerprint-in-hex +|-|x`.
    #[must_use]
    pub fn encode(&self) -> String {
        let line = |(key, known): (&String, &Known)| match known {
            Known::Written { fingerprint, orderable } => {
                format!("{key}\t{fingerprint:016x}{}\n", if *orderable { '+' } else { '-' })
            }
            Known::Deactivated => format!("{key}\tx\n"),
        };
        self.entries.iter().map(line).collect()
    }

    /// Reads what [`Self::encode`] wrote; none if it is anything else.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let entry = |line: &str| {
            let (key, value) = line.split_once('\t')?;
            Kind::of_key(key)?;
            Some((key.to_owned(), known(value)?))
        };
        Some(Self { entries: text.lines().map(entry).collect::<Option<_>>()? })
    }
}

fn known(value: &str) -> Option<Known> {
    if value == "x" {
        return Some(Known::Deactivated);
    }
    let (hex, sign) = value.split_at_checked(16)?;
    let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    let fingerprint = u64::from_str_radix(hex, 16).ok().filter(|_| is_hex)?;
    match sign {
        "+" => Some(Known::Written { fingerprint, orderable: true }),
        "-" => Some(Known::Written { fingerprint, orderable: false }),
        _ => None,
    }
}
