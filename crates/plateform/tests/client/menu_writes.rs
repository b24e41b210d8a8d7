//! The port's writes of the menu: split, answered entry by entry, safe to repeat.

use crate::server::{Received, Reply, Server, access, tenant, work};
use app::ports::{
    PlatformError,
    menu::{MenuWrite, PlatformMenu, WriteOutcome},
};
use domain::{
    Cents,
    menu::{Category, Dish, Entry, GroupKind, Kind, OptionGroup, OptionItem, ServicePrice},
};
use serde_json::{Value, json};
use std::time::Duration;

const KEY: &str = "ponte-rest-1-menu-7-00c0ffee";

fn category(n: usize, name: &str) -> Entry {
    Entry::Category(Category { external_id: format!("c-{n}"), name: name.into(), image: None, active: true })
}

fn group(n: usize, kind: GroupKind) -> Entry {
    let options = vec![OptionItem { external_id: "v-1".into(), name: "Speck".into(), price: Cents(150) }];
    Entry::Group(OptionGroup { external_id: format!("g-{n}"), name: "Gruppo".into(), kind, options })
}

fn dish(n: usize, description: &str) -> Entry {
    Entry::Dish(Dish {
        external_id: format!("d-{n}"),
        category: "c-1".into(),
        name: "Margherita".into(),
        description: description.into(),
        active: true,
        takeaway: ServicePrice { price: Cents(700), orderable: true },
        delivery: ServicePrice { price: Cents::ZERO, orderable: false },
        vat_rate: Some("10".into()),
        groups: vec!["g-1".into()],
        photos: Vec::new(),
    })
}

/// Two of each kind, the wrong way round.
fn mixed() -> MenuWrite {
    let [additions, removals] = [GroupKind::Additions, GroupKind::Removals];
    MenuWrite {
        upserts: vec![
            dish(1, ""),
            group(1, additions),
            category(1, "Pizze"),
            dish(2, ""),
            group(2, removals),
            category(2, "Dolci"),
        ],
        deactivations: vec![(Kind::Dish, "d-9".into()), (Kind::Group, "g-9".into())],
    }
}

async fn write(server: &Server, change: &MenuWrite) -> Result<Vec<WriteOutcome>, PlatformError> {
    server.client().write_menu(&work(), &access(), &tenant(), KEY, change).await
}

fn result(kind: &str, id: &str, outcome: &str) -> Value {
    json!({"kind": kind, "externalId": id, "outcome": outcome})
}

/// The ids of a request, list by list.
fn ids(request: &Received) -> Vec<String> {
    let body = request.json();
    let lists =
        ["categories", "optionGroups", "dishes", "deactivations"].map(|list| body[list].as_array().unwrap().clone());
    lists.concat().iter().map(|entry| entry["externalId"].as_str().unwrap().to_owned()).collect()
}

/// What the platform answers to a request when all goes well.
fn all_well(kind: &str, ids: impl IntoIterator<Item = String>) -> Reply {
    let results: Vec<Value> = ids.into_iter().map(|id| result(kind, &id, "created")).collect();
    Reply::Json(200, json!({ "results": results }))
}

#[tokio::test]
async fn entries_are_sent_by_kind_and_answered_in_the_order_in_which_they_were_given() {
    let failed = |kind: &str, id: &str, code: &str| {
        let mut failed = result(kind, id, "failed");
        failed["error"] = json!({"status": 422, "code": code, "title": "x", "detail": "mario@example.test"});
        failed
    };
    let results = json!([
        result("dish", "d-9", "deactivated"),
        failed("optionGroup", "g-9", "not_found"),
        failed("dish", "d-1", "validation"),
        result("dish", "d-2", "updated"),
        result("optionGroup", "g-1", "unchanged"),
        result("category", "c-1", "created"),
        failed("category", "c-2", "mario@example.test"),
        result("optionGroup", "g-2", "created"),
    ]);
    let server = Server::answering(200, json!({ "results": results })).await;
    let outcomes = write(&server, &mixed()).await.unwrap();
    let no = |code: &str| Err(code.to_owned());
    let expected = [no("validation"), Ok(()), Ok(()), Ok(()), Ok(()), no("unreadable"), Ok(()), no("not_found")];
    assert_eq!(outcomes, expected);
    let request = server.one();
    assert_eq!(request.line, "POST /integrations/v1/restaurants/rest-1/menu/changes HTTP/1.1");
    assert_eq!(request.header("idempotency-key"), Some("ponte-rest-1-menu-7-00c0ffee-0"));
    assert_eq!(ids(&request), ["c-1", "c-2", "g-1", "g-2", "d-1", "d-2", "d-9", "g-9"]);
}

#[tokio::test]
async fn an_entry_whose_outcome_is_missing_or_unknown_has_failed() {
    let results = json!([
        result("dish", "d-1", "transmogrified"),
        {"kind": "dish", "externalId": "d-2"},
        {"kind": "optionGroup", "externalId": "g-1", "outcome": "failed"},
        {"kind": "optionGroup", "externalId": "g-2", "outcome": "failed", "error": "no"},
        {"kind": "category", "outcome": "created"},
        null, 7, ["category", "c-1", "created"],
        result("dish", "c-1", "created"),
        result("category", "c-77", "created"),
        {"kind": "category", "externalId": "c-2", "outcome": "updated", "revision": 3}
    ]);
    let server = Server::answering(200, json!({"results": results, "took": 3})).await;
    let outcomes = write(&server, &mixed()).await.unwrap();
    let no = |code: &str| Err(code.to_owned());
    assert_eq!(
        outcomes,
        [
            no("unknown_outcome"),
            no("no_code"),
            no("missing_result"),
            no("unknown_outcome"),
            no("no_code"),
            Ok(()),
            no("missing_result"),
            no("missing_result"),
        ]
    );
}

#[tokio::test]
async fn an_entry_that_is_written_and_deactivated_at_once_has_two_outcomes() {
    let results = json!([result("dish", "d-1", "failed"), result("dish", "d-1", "deactivated")]);
    let server = Server::answering(200, json!({ "results": results })).await;
    let change = MenuWrite { upserts: vec![dish(1, "")], deactivations: vec![(Kind::Dish, "d-1".into())] };
    assert_eq!(write(&server, &change).await.unwrap(), [Err("no_code".to_owned()), Ok(())]);
}

#[tokio::test]
async fn more_than_500_entries_go_in_parts_each_with_a_key_of_its_own() {
    let upserts: Vec<Entry> = (0..1001).map(|n| category(n, "Pizze")).collect();
    let part = |range: std::ops::Range<usize>| all_well("category", range.map(|n| format!("c-{n}")));
    let server = Server::playing([part(0..500), part(500..1000), part(1000..1001)]).await;
    let outcomes = write(&server, &MenuWrite { upserts, deactivations: Vec::new() }).await.unwrap();
    assert_eq!(outcomes, vec![Ok(()); 1001]);
    let received = server.received();
    assert_eq!(received.iter().map(|request| ids(request).len()).collect::<Vec<_>>(), [500, 500, 1]);
    let keys: Vec<_> = received.iter().filter_map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys, [0, 1, 2].map(|part| format!("{KEY}-{part}")));
}

#[tokio::test]
async fn no_part_weighs_more_than_a_mebibyte_and_dishes_never_come_before_their_groups() {
    let long = "à".repeat(5000);
    let mut upserts: Vec<Entry> = (0..250).map(|n| dish(n, &long)).collect();
    upserts.push(group(1, GroupKind::Additions));
    upserts.push(category(1, "Pizze"));
    let server = Server::playing((0..3).map(|_| Reply::Json(200, json!({"results": []})))).await;
    let outcomes =
        write(&server, &MenuWrite { upserts, deactivations: vec![(Kind::Dish, "d-1".into())] }).await.unwrap();
    assert_eq!((outcomes.len(), outcomes.iter().filter(|outcome| outcome.is_err()).count()), (253, 253));
    let received = server.received();
    assert!(received.len() == 3 && received.iter().all(|request| request.body.len() <= 1 << 20));
    let sent: Vec<String> = received.iter().flat_map(ids).collect();
    assert_eq!((&sent[..3], &sent[252]), (&["c-1".to_owned(), "g-1".into(), "d-0".into()][..], &"d-1".to_owned()));
}

#[tokio::test]
async fn an_entry_that_no_part_can_carry_fails_alone() {
    let upserts = vec![category(1, "Pizze"), dish(1, &"x".repeat(1 << 20)), dish(2, "")];
    let server =
        Server::playing([all_well("category", ["c-1".to_owned()]), all_well("dish", ["d-2".to_owned()])]).await;
    let outcomes = write(&server, &MenuWrite { upserts, deactivations: Vec::new() }).await.unwrap();
    assert_eq!(outcomes, [Ok(()), Err("too_large".to_owned()), Ok(())]);
    assert_eq!(server.received().iter().flat_map(ids).collect::<Vec<_>>(), ["c-1", "d-2"]);
}

#[tokio::test]
async fn nothing_to_write_is_no_call() {
    let server = Server::playing([]).await;
    assert_eq!(write(&server, &MenuWrite::default()).await, Ok(Vec::new()));
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn a_write_that_broke_off_is_repeated_with_the_same_keys_and_bodies() {
    let change = MenuWrite { upserts: (0..501).map(|n| category(n, "Pizze")).collect(), deactivations: Vec::new() };
    let first = || all_well("category", (0..500).map(|n| format!("c-{n}")));
    let second = all_well("category", ["c-500".to_owned()]);
    let server = Server::playing([first(), Reply::Json(503, json!({})), first(), second]).await;
    assert!(write(&server, &change).await.unwrap_err().is_retryable());
    assert_eq!(write(&server, &change).await, Ok(vec![Ok(()); 501]));
    let received = server.received();
    assert_eq!((&received[0], &received[1]), (&received[2], &received[3]));
}

#[tokio::test]
async fn an_answer_about_the_whole_set_is_what_to_do_next() {
    let refused = |status, code: &str| PlatformError::Refused { status, code: code.into() };
    let unavailable = |status, detail: &str, seconds: Option<u64>| PlatformError::Unavailable {
        status: Some(status),
        retry_after: seconds.map(Duration::from_secs),
        detail: detail.into(),
    };
    for (status, code, expected) in [
        (401, "unauthorized", refused(401, "unauthorized")),
        (403, "forbidden", refused(403, "forbidden")),
        (404, "not_found", PlatformError::NotFound),
        (409, "idempotency_key_reused", refused(409, "idempotency_key_reused")),
        (413, "too_large", refused(413, "too_large")),
        (422, "validation", refused(422, "validation")),
        (429, "rate_limited", unavailable(429, "rate_limited", Some(7))),
        (500, "internal", unavailable(500, "internal", Some(7))),
        (503, "maintenance", unavailable(503, "maintenance", Some(7))),
    ] {
        let problem = json!({"status": status, "code": code, "title": "T", "detail": "mario@example.test"});
        let server = Server::playing([Reply::With(status, "retry-after: 7\r\n", problem)]).await;
        assert_eq!(write(&server, &mixed()).await, Err(expected), "{status}");
        assert_eq!(server.received().len(), 1, "{status}");
    }
    for (answer, detail) in [
        ("{\"results\":[{\"kind\":\"dish\"", "malformed:syntax"),
        ("{}", "malformed:missing.results"),
        ("{\"results\":7}", "malformed:type"),
        ("null", "malformed:type"),
    ] {
        let raw = format!("HTTP/1.1 200 X\r\nconnection: close\r\n\r\n{answer}").into_bytes();
        let server = Server::playing([Reply::Raw(raw)]).await;
        assert_eq!(write(&server, &mixed()).await, Err(unavailable(200, detail, None)), "{answer}");
    }
}
