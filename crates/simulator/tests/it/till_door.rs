//! The till's door: tokens, headers, sizes, rates.

use crate::harness::{World, answer};
use reqwest::Method;
use serde_json::{Value, json};
use simulator::KeyState;

const PAGE: &str = "/taxes?start=0&limit=10";

#[tokio::test]
async fn a_bad_key_is_400_on_the_token_path() {
    let world = World::start().await;
    assert_eq!(world.ask_token("not-a-key").await.0, 400);
}

#[tokio::test]
async fn a_token_looks_like_a_jwt_and_lives_an_hour() {
    let world = World::start().await;
    let (_, body) = world.ask_token("demo-api-key-not-real").await;
    assert_eq!((&body["expires_in"], &body["token_type"]), (&json!(3600), &json!("Bearer")));
    assert_eq!(body["access_token"].as_str().unwrap().split('.').count(), 3);
}

#[tokio::test]
async fn no_bearer_and_an_unknown_bearer_are_401() {
    let world = World::start().await;
    for request in [world.till_bare(Method::GET, PAGE), world.till_bare(Method::GET, PAGE).bearer_auth("a.b.c")] {
        assert_eq!(request.header("x-version", "1.0.0").send().await.unwrap().status(), 401);
    }
}

#[tokio::test]
async fn an_expired_token_is_401_and_a_new_one_works() {
    let mut world = World::start().await;
    world.sim.expire_tokens();
    assert_eq!(world.till_get(PAGE).await.0, 401);
    world.token = world.new_token().await;
    assert_eq!(world.till_get(PAGE).await.0, 200);
}

#[tokio::test]
async fn a_short_life_can_be_given_to_tokens() {
    let mut world = World::start().await;
    world.till_switch(json!({ "token_ttl_seconds": 0 }));
    world.token = world.new_token().await;
    assert_eq!(world.till_get(PAGE).await.0, 401);
}

#[tokio::test]
async fn a_revoked_key_gets_no_token_and_its_old_one_is_401() {
    let world = World::start().await;
    world.sim.set_key_state("rest-demo", KeyState::Revoked).unwrap();
    assert_eq!(world.till_get(PAGE).await.0, 401);
    assert_eq!(world.ask_token("demo-api-key-not-real").await.0, 400);
}

#[tokio::test]
async fn an_account_without_licence_is_403_everywhere() {
    let world = World::start().await;
    world.sim.set_key_state("rest-demo", KeyState::Unlicensed).unwrap();
    assert_eq!(world.till_get(PAGE).await.0, 403);
    assert_eq!(world.ask_token("demo-api-key-not-real").await.0, 403);
}

#[tokio::test]
async fn a_missing_or_other_version_is_400() {
    let world = World::start().await;
    let bare = || world.till_bare(Method::GET, PAGE).bearer_auth(&world.token);
    assert_eq!(bare().send().await.unwrap().status(), 400);
    assert_eq!(bare().header("x-version", "2.0.0").send().await.unwrap().status(), 400);
    assert_eq!(bare().header("x-version", "1.0.0").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_write_without_requested_with_is_400_unless_headers_are_lenient() {
    let world = World::start().await;
    let write = || {
        let request = world.till_bare(Method::POST, "/customers").bearer_auth(&world.token);
        request.header("x-version", "1.0.0").json(&json!({ "name": "Anna Prova" })).send()
    };
    let (status, body) = answer(write().await.unwrap()).await;
    assert_eq!((status, &body["msg"]), (400, &json!("X-Requested-With")));
    world.till_switch(json!({ "lenient_headers": true }));
    assert_eq!(write().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_write_that_is_not_json_is_415() {
    let world = World::start().await;
    let request = world.till_bare(Method::POST, "/customers").bearer_auth(&world.token);
    let request = request.header("x-version", "1.0.0").header("x-requested-with", "*");
    assert_eq!(request.body("{}").send().await.unwrap().status(), 415);
}

#[tokio::test]
async fn a_body_over_102400_bytes_is_413_and_one_of_exactly_that_size_is_read() {
    let world = World::start().await;
    let of_size = |size: usize| format!("{{\"name\":\"{}\"}}", "x".repeat(size - 11));
    let send = async |size| {
        let request = world.till(Method::POST, "/customers").body(of_size(size));
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send(102_401).await, 413);
    assert_eq!(send(102_400).await, 200);
}

#[tokio::test]
async fn the_361st_call_of_a_family_is_429_and_another_family_still_answers() {
    let world = World::start().await;
    world.till_switch(json!({ "rate_limit": 3 }));
    for _ in 0..3 {
        assert_eq!(world.till_get(PAGE).await.0, 200);
    }
    let refused = world.till(Method::GET, PAGE).send().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers().get("retry-after")), (429, None));
    assert_eq!(world.till_get("/salesmodes?start=0&limit=10").await.0, 200);
}

#[tokio::test]
async fn the_default_rate_is_360_calls_in_ten_minutes() {
    let world = World::start().await;
    let toggles = world.sim.config().till;
    assert_eq!((toggles.rate_limit, toggles.rate_window_seconds), (360, 600));
    for _ in 0..360 {
        assert_eq!(world.till_get(PAGE).await.0, 200);
    }
    assert_eq!(world.till_get(PAGE).await.0, 429);
}

#[tokio::test]
async fn a_rate_refusal_can_tell_when_to_come_back() {
    let world = World::start().await;
    world.till_switch(json!({ "rate_limit": 0, "rate_retry_after": true }));
    let refused = world.till(Method::GET, PAGE).send().await.unwrap();
    assert!(refused.headers().get("retry-after").is_some());
}

#[tokio::test]
async fn unknown_paths_are_404_and_writes_to_the_catalogue_are_405() {
    let world = World::start().await;
    assert_eq!(world.till_get("/v2/orders").await.0, 404);
    assert_eq!(world.till_send(Method::PUT, "/products/1", &json!({})).await.0, 405);
}

#[tokio::test]
async fn an_error_has_a_code_word_and_a_field() {
    let world = World::start().await;
    let (_, body) = world.till_get("/taxes?start=0").await;
    assert_eq!(body, json!({ "error": "InvalidParams", "msg": "limit" }));
    assert_ne!(body, Value::Null);
}
