//! Change sets of the size that the platform takes.

use super::{MenuChanges, MenuKind};
use serde::Serialize;

/// The most entries of one change set.
pub const MAX_CHANGES: usize = 500;

/// The most bytes of one change set.
pub const MAX_CHANGES_BYTES: usize = 1 << 20;

/// What the four empty lists of a change set weigh, generously.
const FRAME: usize = 256;

impl MenuChanges {
    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.categories.len() + self.option_groups.len() + self.dishes.len() + self.deactivations.len()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it is over [`MAX_CHANGES_BYTES`]. Of what [`MenuChanges::batches`] makes, only a set of one entry can be.
    pub(crate) fn is_too_heavy(&self) -> bool {
        serde_json::to_vec(self).is_ok_and(|json| json.len() > MAX_CHANGES_BYTES)
    }

    /// Every entry's kind and till id, in the order in which the platform applies them.
    pub fn entries(&self) -> impl Iterator<Item = (MenuKind, &str)> {
        let categories = self.categories.iter().map(|c| (MenuKind::Category, c.external_id.as_str()));
        let groups = self.option_groups.iter().map(|g| (MenuKind::OptionGroup, g.external_id.as_str()));
        let dishes = self.dishes.iter().map(|d| (MenuKind::Dish, d.external_id.as_str()));
        let deactivations = self.deactivations.iter().map(|d| (d.kind, d.external_id.as_str()));
        categories.chain(groups).chain(dishes).chain(deactivations)
    }

    /// Splits it into change sets that the platform takes. Applied one after the other they do the same: categories
    /// and option groups still come before the dishes that name them, deactivations last. None for nothing to do.
    #[must_use]
    pub fn batches(self) -> Vec<Self> {
        let mut filling = Filling::default();
        for entry in self.categories {
            filling.add(entry, |set| &mut set.categories);
        }
        for entry in self.option_groups {
            filling.add(entry, |set| &mut set.option_groups);
        }
        for entry in self.dishes {
            filling.add(entry, |set| &mut set.dishes);
        }
        for entry in self.deactivations {
            filling.add(entry, |set| &mut set.deactivations);
        }
        filling.done
    }
}

#[derive(Default)]
struct Filling {
    done: Vec<MenuChanges>,
    bytes: usize,
}

impl Filling {
    fn add<T: Serialize>(&mut self, entry: T, list: impl Fn(&mut MenuChanges) -> &mut Vec<T>) {
        // The comma that follows it included. What cannot be written weighs nothing here and fails when sent.
        let weight = serde_json::to_vec(&entry).map_or(0, |json| json.len() + 1);
        let full = |set: &MenuChanges| set.len() == MAX_CHANGES || self.bytes + weight > MAX_CHANGES_BYTES - FRAME;
        match self.done.last_mut() {
            Some(set) if !full(set) => {
                self.bytes += weight;
                list(set).push(entry);
            }
            _ => {
                let mut set = MenuChanges::default();
                list(&mut set).push(entry);
                self.done.push(set);
                self.bytes = weight;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CategoryUpsert, Deactivation};
    use proptest::prelude::*;

    fn category(id: usize, name: usize) -> CategoryUpsert {
        CategoryUpsert { external_id: format!("c{id}"), name: "è".repeat(name), image_url: None, active: true }
    }

    fn changes(categories: usize, name: usize, deactivations: usize) -> MenuChanges {
        MenuChanges {
            categories: (0..categories).map(|id| category(id, name)).collect(),
            deactivations: (0..deactivations)
                .map(|id| Deactivation { kind: MenuKind::Dish, external_id: format!("d{id}") })
                .collect(),
            ..MenuChanges::default()
        }
    }

    #[test]
    fn nothing_to_do_is_no_change_set() {
        assert!(MenuChanges::default().batches().is_empty());
    }

    #[test]
    fn the_five_hundredth_entry_still_fits_and_the_next_does_not() {
        let sizes = |n| changes(n, 1, 0).batches().iter().map(MenuChanges::len).collect::<Vec<_>>();
        assert_eq!(sizes(500), [500]);
        assert_eq!(sizes(501), [500, 1]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn change_sets_lose_nothing_keep_the_order_and_fit(c in 0..900usize, name in 1..2500usize, d in 0..900usize) {
            let all = changes(c, name, d);
            let wanted: Vec<_> = all.entries().map(|(kind, id)| (kind, id.to_owned())).collect();
            let sets = all.batches();
            let got: Vec<_> = sets.iter().flat_map(MenuChanges::entries).map(|(k, id)| (k, id.to_owned())).collect();
            prop_assert_eq!(got, wanted);
            for set in sets {
                prop_assert!(!set.is_empty() && set.len() <= MAX_CHANGES);
                prop_assert!(serde_json::to_vec(&set).unwrap().len() <= MAX_CHANGES_BYTES);
            }
        }
    }
}
