use super::*;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::{pending, ready},
};

/// A dead-letter queue in memory: what is hidden comes back only when it is given back.
#[derive(Default)]
struct Memory {
    visible: RefCell<VecDeque<DeadLetter>>,
    sent: RefCell<Vec<(String, Option<String>)>>,
    refuses: Option<&'static str>,
    /// So many pages are given out before the queue is gone; none is no end.
    pages: Cell<Option<u32>>,
}

impl Letters for Memory {
    async fn receive(&self) -> Result<Vec<DeadLetter>, StoreError> {
        match self.pages.get() {
            Some(0) => return Err(gone()),
            pages => self.pages.set(pages.map(|pages| pages - 1)),
        }
        let mut visible = self.visible.borrow_mut();
        let most = visible.len().min(2);
        Ok(visible.drain(..most).collect())
    }
    async fn release(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        self.visible.borrow_mut().push_back(letter.clone());
        Ok(())
    }
    async fn send_back(&self, letter: &DeadLetter, group: Option<&str>) -> Result<(), StoreError> {
        if self.refuses == Some(letter.id.as_str()) {
            return Err(gone());
        }
        self.sent.borrow_mut().push((letter.id.clone(), group.map(str::to_owned)));
        Ok(())
    }
}

fn gone() -> StoreError {
    StoreError::Malformed { what: "queue".into(), remedy: "asked for".into() }
}

fn letter(id: &str, tenant: &str) -> DeadLetter {
    let body = format!(r#"{{"v":1,"tenant":"{tenant}","correlation":"c","sent_ms":5,"type":"reconcile"}}"#);
    DeadLetter::example(id, &body)
}

fn memory(letters: &[(&str, &str)]) -> Memory {
    let visible = letters.iter().map(|(id, tenant)| letter(id, tenant)).collect();
    Memory { visible: RefCell::new(visible), ..Memory::default() }
}

fn wanted(tenant: Option<&str>) -> Wanted {
    Wanted {
        queue: Queue::Orders,
        tenant: tenant.map(|tenant| TenantId::parse(tenant).unwrap()),
        pause: Duration::from_millis(100),
        before: Timestamp::from_second(1_000).unwrap(),
    }
}

fn left(memory: &Memory) -> Vec<String> {
    memory.visible.borrow().iter().map(|letter| letter.id.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn everything_goes_back_in_its_group_and_no_faster_than_asked() {
    let memory = memory(&[("a", "rest-1"), ("b", "rest-2"), ("c", "rest-1")]);
    let begun = tokio::time::Instant::now();
    let done = redrive(&memory, &wanted(None), pending(), |_| {}).await.unwrap();
    assert_eq!(done, Redriven { sent: 3, ..Redriven::default() });
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert_eq!(memory.sent.borrow()[1], ("b".to_owned(), Some("rest-2".to_owned())));
    assert!(left(&memory).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_of_another_restaurant_or_is_refused_stays_and_is_visible_again() {
    let memory = Memory { refuses: Some("c"), ..memory(&[("a", "rest-1"), ("b", "rest-2"), ("c", "rest-1")]) };
    let done = redrive(&memory, &wanted(Some("rest-1")), pending(), |_| {}).await.unwrap();
    assert_eq!(done, Redriven { sent: 1, failed: 1, left: 1, is_stopped: false });
    assert_eq!(left(&memory), ["b", "c"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_loses_nothing() {
    let memory = memory(&[("a", "rest-1"), ("b", "rest-1"), ("c", "rest-1")]);
    let done = redrive(&memory, &wanted(None), ready(()), |_| {}).await.unwrap();
    assert_eq!((done.sent, done.is_stopped), (0, true));
    let mut all = left(&memory);
    all.sort();
    assert_eq!(all, ["a", "b", "c"]);
    assert_eq!(as_text(&done), "rimandati 0, non accettati 0, lasciati 2; interrotto, nulla è andato perso");
}

#[tokio::test(start_paused = true)]
async fn what_was_given_up_again_meanwhile_is_not_sent_round_in_a_circle() {
    let memory = memory(&[("a", "rest-1")]);
    let mut late = letter("late", "rest-1");
    late.first_sent = Timestamp::from_second(2_000).ok();
    memory.visible.borrow_mut().push_back(late);
    let done = redrive(&memory, &wanted(None), pending(), |_| {}).await.unwrap();
    assert_eq!((done.sent, done.left), (1, 1));
    assert_eq!(left(&memory), ["late"]);
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_is_gone_in_the_middle_does_not_hide_what_was_sent_back() {
    let memory = Memory { pages: Cell::new(Some(1)), ..memory(&[("a", "rest-1"), ("b", "rest-2"), ("c", "rest-1")]) };
    let error = redrive(&memory, &wanted(Some("rest-1")), pending(), |_| {}).await.unwrap_err();
    assert_eq!(format!("{error:#}"), "rimandati 1, non accettati 0, lasciati 1: queue cannot be read: asked for");
    assert_eq!(left(&memory), ["c", "b"]);
}
