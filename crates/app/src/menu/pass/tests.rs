use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Named(String);

impl Row for Named {
    fn id(&self) -> &str {
        &self.0
    }
}

fn page(ids: std::ops::Range<usize>, total: usize) -> Page<Named> {
    Page { sent: ids.len(), rows: ids.map(|id| Named(id.to_string())).collect(), total, unreadable: Vec::new() }
}

/// Reads a list to its end from pages that are made for each slice; answers how many were asked for.
fn read(list: &mut List<Named>, mut answer: impl FnMut(Slice) -> Page<Named>) -> usize {
    let mut pages = 0;
    while let Some(slice) = list.next() {
        pages += 1;
        list.add(answer(slice));
    }
    pages
}

proptest! {
    #[test]
    fn a_list_that_stands_still_is_read_once_and_whole_whatever_the_size_of_its_pages(total in 0_usize..450, size in 1_usize..=100) {
        let mut list = List::default();
        let pages = read(&mut list, |slice| page(slice.start..(slice.start + size).min(total), total));
        prop_assert!(list.is_complete());
        prop_assert_eq!((list.total(), pages), (total, total.div_ceil(size).max(1)));
        let (rows, _) = list.into_rows();
        prop_assert_eq!(rows, (0..total).map(|id| Named(id.to_string())).collect::<Vec<_>>());
    }

    #[test]
    fn a_pass_put_aside_between_any_two_pages_goes_on_as_if_nothing_had_happened(total in 1_usize..450, at in 1_usize..5) {
        let answer = |slice: Slice| page(slice.start..(slice.start + PAGE).min(total), total);
        let mut list = List::default();
        for _ in 0..at {
            if let Some(slice) = list.next() {
                list.add(answer(slice));
            }
        }
        let mut resumed: List<Named> = serde_json::from_str(&serde_json::to_string(&list).unwrap()).unwrap();
        read(&mut resumed, answer);
        prop_assert!(resumed.is_complete());
        prop_assert_eq!(resumed.into_rows().0.len(), total);
    }
}

#[test]
fn e43_a_row_that_comes_twice_means_that_the_pages_have_moved_and_the_list_is_begun_anew() {
    let (mut list, mut rows, mut asked) = (List::default(), (0..151).collect::<Vec<usize>>(), 0);
    let pages = read(&mut list, |slice| {
        asked += 1;
        if asked == 2 {
            rows.pop();
            rows.insert(0, 999);
        }
        let sent = &rows[slice.start..rows.len().min(slice.start + PAGE)];
        let named = sent.iter().map(|id| Named(id.to_string())).collect();
        Page { rows: named, sent: sent.len(), total: 151, unreadable: Vec::new() }
    });
    assert!(list.is_complete());
    assert_eq!((pages, list.total()), (4, 151));
}

#[test]
fn rows_that_the_till_has_twice_are_a_list_that_stands_still() {
    let rows: Vec<usize> = (0..150).chain([3, 140]).chain(150..260).collect();
    let mut list = List::default();
    let pages = read(&mut list, |slice| {
        let sent = &rows[slice.start..rows.len().min(slice.start + PAGE)];
        let named = sent.iter().map(|id| Named(id.to_string())).collect();
        Page { rows: named, sent: sent.len(), total: rows.len(), unreadable: Vec::new() }
    });
    assert!(list.is_complete());
    assert_eq!((pages, list.total()), (6, 262));
    assert_eq!(list.into_rows().0.len(), 260);
}

#[test]
fn e43_a_list_that_never_stands_still_is_given_as_incomplete_after_three_attempts() {
    let mut total = 200;
    let mut list = List::default();
    let pages = read(&mut list, |slice| {
        total += 1;
        page(slice.start..(slice.start + PAGE).min(total), total)
    });
    assert!(!list.is_complete());
    assert!(pages <= 8, "{pages}");
}

#[test]
fn e43_a_total_that_lies_in_either_direction_is_never_taken_for_a_whole_list() {
    for claimed in [90, 260] {
        let mut list = List::default();
        read(&mut list, |slice| page(slice.start..(slice.start + PAGE).min(150), claimed));
        assert!(!list.is_complete(), "{claimed}");
    }
}

#[test]
fn a_pass_that_was_put_aside_long_ago_or_by_another_version_is_begun_anew() {
    let begun: Timestamp = "2026-11-24T03:00:00Z".parse().unwrap();
    let mut pass = Pass::begun(begun);
    assert_eq!(pass.put_aside(), None, "nothing is worth keeping yet");
    pass.products.add(Page { rows: Vec::new(), sent: 100, total: 250, unreadable: Vec::new() });
    let stored = pass.put_aside().unwrap();
    let resumed = Pass::resumed(&stored, begun + SignedDuration::from_mins(119)).unwrap();
    assert_eq!((resumed.begun_at(), resumed.products.start), (begun, 100));
    assert!(Pass::resumed(&stored, begun + OLDEST).is_none());
    assert!(Pass::resumed(b"{\"begun\": 1}", begun).is_none());
}

#[test]
fn a_row_that_nobody_can_name_makes_a_list_incomplete_at_once() {
    let mut list = List::default();
    let pages = read(&mut list, |_| Page { sent: 3, total: 3, ..page(0..2, 3) });
    assert_eq!((list.is_complete(), pages), (false, 1));
}
