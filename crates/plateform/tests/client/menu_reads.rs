//! The port's readings of menu and customers, and what the restaurant is told.

use crate::{
    logs::Logs,
    server::{Reply, Server, access, instant, rome, tenant, work},
};
use app::ports::{
    PlatformError,
    menu::{CustomerPage, Health, HealthReport, Held, PlatformMenu},
};
use domain::menu::{Check, Finding, Kind, Level};
use serde_json::{Value, json};

fn page(items: Value, next: Value) -> Reply {
    Reply::Json(200, json!({"items": items, "nextCursor": next, "more": 1}))
}

fn malformed(what: &str) -> PlatformError {
    PlatformError::Unavailable { status: Some(200), retry_after: None, detail: format!("malformed:{what}") }
}

fn category(id: &str) -> Value {
    json!({"kind": "category", "category": {"externalId": id, "name": "Pizze", "labels": null, "colour": "#fff"}})
}

async fn held(server: &Server) -> Result<Vec<Held>, PlatformError> {
    server.client().held_menu(&work(), &access(), &tenant()).await
}

#[tokio::test]
async fn everything_that_the_platform_holds_is_read_page_by_page() {
    let gone = json!({"kind": "category", "category": {"externalId": "c-3", "name": "C", "deactivated": true}});
    let server = Server::playing([
        page(json!([category("c-1"), category("c-2")]), json!("a&b")),
        page(json!([]), json!("c")),
        page(json!([gone]), Value::Null),
    ])
    .await;
    let held = held(&server).await.unwrap();
    let short: Vec<_> = held.iter().map(|held| (held.external_id.as_str(), held.deactivated)).collect();
    assert_eq!(short, [("c-1", false), ("c-2", false), ("c-3", true)]);
    let path = "GET /integrations/v1/restaurants/rest-1/menu?limit=200";
    let lines: Vec<_> = server.received().into_iter().map(|request| request.line).collect();
    assert_eq!(
        lines,
        [format!("{path} HTTP/1.1"), format!("{path}&cursor=a%26b HTTP/1.1"), format!("{path}&cursor=c HTTP/1.1")]
    );
}

#[tokio::test]
async fn a_dish_that_the_platform_had_before_is_known_even_if_little_of_it_can_be_read() {
    let old = json!({"kind": "dish", "dish": {"externalId": "old", "name": "Carbonara"}});
    let combo = json!({"kind": "combo", "combo": {"externalId": "x"}});
    let server = Server::playing([page(json!([old, combo, null, category("c-1")]), Value::Null)]).await;
    let held = held(&server).await.unwrap();
    assert_eq!(
        held.iter().map(|held| (held.kind, held.name.as_str())).collect::<Vec<_>>(),
        [(Kind::Dish, "Carbonara"), (Kind::Category, "Pizze")]
    );
}

#[tokio::test]
async fn a_menu_whose_cursor_never_ends_or_whose_page_fails_is_none() {
    let again = ["a", "b", "a"].map(|next| page(json!([category("c-1")]), json!(next)));
    assert_eq!(held(&Server::playing(again).await).await, Err(malformed("cursor_repeats")));
    let endless = Server::playing((0..501).map(|n| page(json!([]), json!(format!("c{n}"))))).await;
    assert_eq!(held(&endless).await, Err(malformed("too_many_pages")));
    let broken = Server::playing([page(json!([category("c-1")]), json!("a")), Reply::Json(500, json!({}))]).await;
    assert!(held(&broken).await.unwrap_err().is_retryable());
}

fn customer(id: &str, changed: Value) -> Value {
    json!({"id": id, "firstName": "Prova", "lastName": "Utente", "email": "utente@example.test",
           "phone": "+390000000001", "updatedAt": changed})
}

async fn customers(server: &Server, cursor: Option<&str>) -> Result<CustomerPage, PlatformError> {
    let after = Some(instant("2026-11-24T16:00:00Z"));
    server.client().changed_customers(&work(), &access(), &tenant(), after, cursor, &rome()).await
}

#[tokio::test]
async fn customers_are_read_page_by_page_as_whoever_reads_goes_on() {
    let server = Server::playing([
        page(json!([customer("k-1", json!("2026-11-24T17:00:00Z"))]), json!("p=2")),
        page(json!([customer("k-2", Value::Null)]), Value::Null),
    ])
    .await;
    let first = customers(&server, None).await.unwrap();
    assert_eq!(first.customers[0].1, Some(instant("2026-11-24T17:00:00Z")));
    let last = customers(&server, first.next.as_deref()).await.unwrap();
    let (person, changed_at) = &last.customers[0];
    assert_eq!((person.id.as_str(), changed_at, last.next), ("k-2", &None, None));
    let path = "GET /integrations/v1/restaurants/rest-1/customers?updatedAfter=2026-11-24T16%3A00%3A00Z&limit=200";
    let lines: Vec<_> = server.received().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, [format!("{path} HTTP/1.1"), format!("{path}&cursor=p%3D2 HTTP/1.1")]);
}

#[tokio::test]
async fn e62_a_customer_that_cannot_be_read_loses_no_other_and_shows_nothing_in_the_log() {
    let rows = json!([
        customer("", json!(null)),
        customer("k-1", json!("yesterday, says utente@example.test")),
        {"id": "k-2", "firstName": "Prova", "lastName": 7, "email": "utente@example.test"},
        null,
        customer("k-3", json!("2026-11-24T17:00:00Z")),
        {"id": "k-4", "firstName": "", "lastName": "", "loyalty": {"points": 7}}
    ]);
    let server = Server::playing([page(rows, json!("next"))]).await;
    let logs = Logs::default();
    let guard = logs.take();
    let page = customers(&server, None).await.unwrap();
    drop(guard);
    assert_eq!(page.customers.iter().map(|(person, _)| person.id.as_str()).collect::<Vec<_>>(), ["k-3", "k-4"]);
    assert_eq!(page.next.as_deref(), Some("next"));
    let written = logs.text();
    assert!(written.contains("customers.skipped=4"), "{written}");
    for hidden in ["Prova", "Utente", "utente", "example.test", "39000", "yesterday"] {
        assert!(!written.contains(hidden), "{hidden}: {written}");
    }
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_ends_the_customers() {
    let server = Server::playing([page(json!([]), json!("same"))]).await;
    assert_eq!(customers(&server, Some("same")).await, Err(malformed("cursor_repeats")));
    for unusable in [String::new(), "c".repeat(513)] {
        let refused = PlatformError::Refused { status: 400, code: "ponte:cursor".into() };
        assert_eq!(customers(&server, Some(&unusable)).await, Err(refused));
    }
    assert_eq!(server.received().len(), 1);
}

async fn told(health: Health, message: &str, findings: &[Finding]) -> (String, Option<String>, Value) {
    let server = Server::answering(204, Value::Null).await;
    let report = HealthReport { health, message, checked_at: instant("2026-11-24T17:00:00Z"), findings };
    server.client().put_health(&work(), &access(), &tenant(), "rest-1:health:7", &report).await.unwrap();
    let request = server.one();
    (request.line.clone(), request.header("idempotency-key").map(str::to_owned), request.json())
}

#[tokio::test]
async fn the_restaurant_is_told_how_the_integration_stands() {
    let findings = [
        Finding {
            check: Check::Price,
            level: Level::Warning,
            subject: "d-1".into(),
            message: "«Focaccia» non ha prezzo per l'asporto".into(),
            remedy: "Cassa: Configurazione > Prodotti".into(),
        },
        Finding {
            check: Check::MassChange,
            level: Level::Error,
            subject: String::new(),
            message: "Troppi piatti sparirebbero".into(),
            remedy: String::new(),
        },
    ];
    let (line, key, body) = told(Health::Degraded, "Il menu non è aggiornato", &findings).await;
    assert_eq!(line, "PUT /integrations/v1/restaurants/rest-1/integration HTTP/1.1");
    assert_eq!(key.as_deref(), Some("rest-1:health:7"));
    let expected = json!({
        "provider": "cassa-in-cloud", "state": "degraded", "message": "Il menu non è aggiornato",
        "checkedAt": "2026-11-24T17:00:00Z",
        "findings": [
            {"check": "mass_change", "level": "error", "message": "Troppi piatti sparirebbero"},
            {"check": "price", "level": "warning", "message": "«Focaccia» non ha prezzo per l'asporto",
             "remedy": "Cassa: Configurazione > Prodotti"}
        ]
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_restaurant_where_all_is_well_is_told_so_and_nothing_more() {
    let (_, _, body) = told(Health::Active, "", &[]).await;
    let expected = json!({"provider": "cassa-in-cloud", "state": "active", "checkedAt": "2026-11-24T17:00:00Z"});
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_message_is_cut_at_500_characters_and_never_inside_one() {
    let long = format!("{}🍕🍕", "è".repeat(499));
    let (_, _, body) = told(Health::Degraded, &long, &[]).await;
    assert_eq!(body["message"], format!("{}🍕", "è".repeat(499)));
}
