//! A manifest in shards: which entry is in which, and a shard as compressed bytes.

use super::packed::{deflate, inflate};
use domain::menu::manifest::{Known, Manifest};
use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

/// How many shards there are. Never to be changed: the shards of another number would stay beside the new ones.
pub(super) const SHARDS: u64 = 32;

/// The shards that differ, as they are afterwards; one that has lost all its entries is there and empty.
pub(super) fn changed(before: Option<&Manifest>, after: &Manifest) -> BTreeMap<usize, Manifest> {
    let Some(before) = before else { return all(after) };
    let differs = |(key, known): &(&String, &Known), other: &Manifest| other.entries.get(*key) != Some(*known);
    let gone_or_changed = before.entries.iter().filter(|entry| differs(entry, after));
    let new_or_changed = after.entries.iter().filter(|entry| differs(entry, before));
    let keys = gone_or_changed.chain(new_or_changed).map(|(key, _)| key).filter(|key| is_line(key));
    let shards: BTreeSet<usize> = keys.map(|key| shard_of(key)).collect();
    if shards.is_empty() {
        return BTreeMap::new();
    }
    filled(shards, after)
}

/// Every shard, the empty ones too.
fn all(manifest: &Manifest) -> BTreeMap<usize, Manifest> {
    filled((0..usize::try_from(SHARDS).unwrap_or_default()).collect(), manifest)
}

fn filled(shards: BTreeSet<usize>, after: &Manifest) -> BTreeMap<usize, Manifest> {
    let mut changed: BTreeMap<_, _> = shards.into_iter().map(|shard| (shard, Manifest::default())).collect();
    for (key, known) in after.entries.iter().filter(|(key, _)| is_line(key)) {
        if let Some(shard) = changed.get_mut(&shard_of(key)) {
            shard.entries.insert(key.clone(), *known);
        }
    }
    changed
}

/// Whether a key fits in a line of an encoded manifest. One that does not is not remembered, and so written each time;
/// remembered, it would make its whole shard unreadable.
fn is_line(key: &str) -> bool {
    !key.contains(char::is_control)
}

/// The shard of a key: FNV-1a, whose low bits depend on every byte.
fn shard_of(key: &str) -> usize {
    let hash = key
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    usize::try_from(hash % SHARDS).unwrap_or_default()
}

pub(super) fn pack(shard: &Manifest) -> io::Result<Vec<u8>> {
    deflate(shard.encode().as_bytes())
}

/// Reads what [`pack`] wrote; none if it is anything else.
pub(super) fn unpack(bytes: &[u8]) -> Option<Manifest> {
    Manifest::decode(&String::from_utf8(inflate(bytes)?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::menu::digest;
    use proptest::prelude::*;

    fn written(seed: u64) -> Known {
        Known::Written { fingerprint: digest(&seed.to_string()), orderable: seed.is_multiple_of(2) }
    }

    /// As many entries as nothing makes smaller: random ids and fingerprints.
    fn large(entries: u64) -> Manifest {
        let id = |n: u64| {
            let (a, b) = (digest(&format!("a{n}")), digest(&format!("b{n}")));
            format!(
                "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                a >> 32,
                a >> 16 & 0xffff,
                a & 0xffff,
                b >> 48,
                b << 16 >> 16
            )
        };
        Manifest {
            entries: (0..entries).map(|n| (format!("g:p:{}:{}:add", id(n), id(n + entries)), written(n))).collect(),
        }
    }

    #[test]
    fn sixty_thousand_entries_fit_in_half_of_what_the_table_takes() {
        let manifest = large(60_000);
        let shards = changed(Some(&Manifest::default()), &manifest);
        assert_eq!(shards.len(), 32);
        let mut all = Manifest::default();
        for shard in shards.values() {
            let bytes = pack(shard).unwrap();
            assert!(
                bytes.len() < super::super::LARGEST / 2,
                "{} bytes for {} entries",
                bytes.len(),
                shard.entries.len()
            );
            all.entries.extend(unpack(&bytes).unwrap().entries);
        }
        assert_eq!(all, manifest);
    }

    #[test]
    fn one_changed_entry_changes_one_shard_and_the_shard_is_whole() {
        let before = large(1000);
        let mut after = before.clone();
        let key = before.entries.keys().next().unwrap();
        after.deactivated(key);
        let shards = changed(Some(&before), &after);
        let [(shard, entries)] = shards.iter().collect::<Vec<_>>()[..] else { panic!("{} shards", shards.len()) };
        let same_shard = before.entries.keys().filter(|key| shard_of(key) == *shard).count();
        assert_eq!((shard_of(key), entries.entries.len()), (*shard, same_shard));
        assert!(changed(Some(&after), &after).is_empty());
    }

    #[test]
    fn a_shard_without_entries_any_more_is_written_empty() {
        let mut before = Manifest::default();
        before.deactivated("d:1");
        let shards = changed(Some(&before), &Manifest::default());
        assert_eq!(shards.into_values().collect::<Vec<_>>(), [Manifest::default()]);
        assert_eq!(unpack(&pack(&Manifest::default()).unwrap()), Some(Manifest::default()));
    }

    #[test]
    fn a_key_that_is_no_line_is_not_remembered_and_spoils_nothing() {
        let mut after = Manifest::default();
        after.deactivated("d:a\nb");
        after.deactivated("d:a\tb");
        assert!(changed(Some(&Manifest::default()), &after).is_empty());
        after.deactivated("d:1");
        let shards = changed(Some(&Manifest::default()), &after);
        assert_eq!(shards.into_values().map(|shard| shard.entries.len()).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn the_shard_of_a_key_is_the_same_in_every_version() {
        assert_eq!(["d:1", "d:2", "c:1", "g:p:1:2:add"].map(shard_of), [14, 27, 11, 24]);
    }

    proptest! {
        #[test]
        fn bytes_that_are_no_shard_are_told_from_one(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Some(shard) = unpack(&bytes) {
                prop_assert_eq!(unpack(&pack(&shard).unwrap()), Some(shard));
            }
        }
    }
}
