//! Change sets of the menu: what is sent has no field of the platform, and every entry has an outcome.

use crate::{
    menu::{category, dish, group, wire},
    server::{Server, access, tenant, work},
};
use app::ports::PlatformError;
use plateform::{ChangeOutcome, Deactivation, DishUpsert, MAX_CHANGES, MenuChanges, MenuKind, Outcome};
use serde_json::{Value, json};

const KEY: &str = "rest-1:menu:42";

pub(crate) fn changes() -> MenuChanges {
    let gone = Deactivation { kind: MenuKind::OptionGroup, external_id: "c:cat-9:opt-1:rem".into() };
    MenuChanges {
        categories: vec![category()],
        option_groups: vec![group()],
        dishes: vec![dish()],
        deactivations: vec![gone],
    }
}

fn result(kind: &str, id: &str, outcome: &str) -> Value {
    json!({"kind": kind, "externalId": id, "outcome": outcome})
}

#[tokio::test]
async fn a_change_set_is_sent_in_the_contract_s_words_and_nothing_else() {
    let server = Server::answering(200, json!({"results": []})).await;
    server.client().apply_menu_changes(&work(), &access(), &tenant(), KEY, &changes()).await.unwrap();
    let request = server.one();
    assert_eq!(request.line, "POST /integrations/v1/restaurants/rest-1/menu/changes HTTP/1.1");
    assert_eq!(
        (request.header("idempotency-key"), request.header("content-type")),
        (Some(KEY), Some("application/json"))
    );
    assert_eq!(request.json(), wire());
}

#[tokio::test]
async fn every_entry_has_an_outcome_whatever_the_platform_says_of_it() {
    let mut failed = result("dish", "prod-1", "failed");
    failed["error"] = json!({"status": 422, "code": "validation", "title": "x", "detail": "mario@example.test"});
    let results = json!([
        failed,
        result("category", "cat-1", "created"),
        result("category", "cat-2", "updated"),
        result("optionGroup", "p:prod-1:opt-1:add", "transmogrified"),
    ]);
    let server = Server::answering(200, json!({"results": results})).await;
    let told = server.client().apply_menu_changes(&work(), &access(), &tenant(), KEY, &changes()).await.unwrap();
    let outcome = |kind, id: &str, outcome| ChangeOutcome { kind, external_id: id.into(), outcome };
    let failed = |code: &str| Outcome::Failed { code: code.into() };
    assert_eq!(
        told,
        [
            outcome(MenuKind::Category, "cat-1", Outcome::Created),
            outcome(MenuKind::OptionGroup, "p:prod-1:opt-1:add", failed("unknown_outcome")),
            outcome(MenuKind::Dish, "prod-1", failed("validation")),
            outcome(MenuKind::OptionGroup, "c:cat-9:opt-1:rem", failed("missing_result")),
        ]
    );
}

#[tokio::test]
async fn a_set_that_the_platform_would_refuse_for_its_size_is_never_sent() {
    let server = Server::playing([]).await;
    let many = MenuChanges { categories: vec![category(); MAX_CHANGES + 1], ..MenuChanges::default() };
    let long = DishUpsert { description: "x".repeat(1 << 20), ..dish() };
    let heavy = MenuChanges { dishes: vec![long], ..MenuChanges::default() };
    for set in [many, heavy] {
        let told = server.client().apply_menu_changes(&work(), &access(), &tenant(), KEY, &set).await;
        assert_eq!(told, Err(PlatformError::Refused { status: 400, code: "ponte:too_many_changes".into() }));
    }
}
