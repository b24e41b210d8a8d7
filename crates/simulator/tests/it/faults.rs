//! Faults of both parties: what was done, and what the caller sees of it.

use crate::harness::{World, answer};
use reqwest::Method;
use serde_json::json;
use simulator::{FaultKind, FaultSpec, Party};
use std::time::Duration;

const CREATE: &str = "POST /documents/orders/batch";

/// Sends a good order under a fault, with little patience for a hang and plenty otherwise.
async fn create_under(world: &World, fault: FaultSpec) -> Result<reqwest::Response, reqwest::Error> {
    let order = world.good_order("ord-1").await;
    let hangs = matches!(fault.fault, FaultKind::TimeoutBeforeCommit | FaultKind::TimeoutAfterCommit);
    let patience = Duration::from_millis(if hangs { 500 } else { 10_000 });
    world.sim.arm_fault(fault);
    let request = world.till(Method::POST, "/documents/orders/batch").body(json!({ "create": [order] }).to_string());
    request.timeout(patience).send().await
}

fn kept(world: &World) -> bool {
    world.sim.till_order("ord-1").is_some()
}

#[tokio::test]
async fn an_error_before_the_commit_leaves_nothing_and_one_after_it_leaves_the_order() {
    for (kind, expected) in [(FaultKind::ErrorBeforeCommit, false), (FaultKind::ErrorAfterCommit, true)] {
        let world = World::start().await;
        let response = create_under(&world, FaultSpec::new(CREATE, kind)).await.unwrap();
        let (status, body) = answer(response).await;
        assert_eq!((status, &body["msg"]), (500, &json!("something went wrong")));
        assert_eq!(kept(&world), expected);
    }
}

#[tokio::test]
async fn a_hang_before_the_commit_leaves_nothing_and_one_after_it_leaves_the_order() {
    for (kind, expected) in [(FaultKind::TimeoutBeforeCommit, false), (FaultKind::TimeoutAfterCommit, true)] {
        let world = World::start().await;
        assert!(create_under(&world, FaultSpec::new(CREATE, kind)).await.unwrap_err().is_timeout());
        assert_eq!(kept(&world), expected);
        assert_eq!(world.sim.requests(Some(Party::Cic)).last().unwrap().status, None);
    }
}

#[tokio::test]
async fn a_closed_connection_gives_no_answer() {
    for (kind, expected) in [(FaultKind::CloseBeforeCommit, false), (FaultKind::CloseAfterCommit, true)] {
        let world = World::start().await;
        let error = create_under(&world, FaultSpec::new(CREATE, kind)).await.unwrap_err();
        assert!(!error.is_timeout(), "{error}");
        assert_eq!(kept(&world), expected);
    }
}

#[tokio::test]
async fn an_answer_can_be_cut_in_half_or_have_an_odd_shape() {
    let world = World::start().await;
    let response = create_under(&world, FaultSpec::new(CREATE, FaultKind::TruncatedJson)).await.unwrap();
    assert!(response.json::<serde_json::Value>().await.is_err());
    let world = World::start().await;
    let response = create_under(&world, FaultSpec::new(CREATE, FaultKind::OddShape)).await.unwrap();
    assert_eq!(answer(response).await, (200, json!({ "ok": true })));
    assert!(kept(&world));
}

#[tokio::test]
async fn a_slow_answer_comes_all_the_same() {
    let world = World::start().await;
    let slow = FaultSpec { delay_ms: Some(20), ..FaultSpec::new(CREATE, FaultKind::Slow) };
    assert_eq!(create_under(&world, slow).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_slow_call_takes_effect_even_when_its_caller_is_gone() {
    let world = World::start().await;
    let order = world.good_order("ord-1").await;
    world.sim.arm_fault(FaultSpec { delay_ms: Some(400), ..FaultSpec::new(CREATE, FaultKind::Slow) });
    let request = world.till(Method::POST, "/documents/orders/batch").body(json!({ "create": [order] }).to_string());
    assert!(request.timeout(Duration::from_millis(100)).send().await.unwrap_err().is_timeout());
    assert!(!kept(&world));
    let landed = async {
        while !kept(&world) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), landed).await.expect("the order lands");
}

#[tokio::test]
async fn the_tills_429_says_when_to_come_back_only_if_told_to() {
    let world = World::start().await;
    let silent = FaultSpec::new("GET /taxes", FaultKind::RateLimited);
    world.sim.arm_fault(silent.clone());
    world.sim.arm_fault(FaultSpec { retry_after: Some(7), ..silent });
    let ask = || world.till(Method::GET, "/taxes?start=0&limit=1").send();
    let (first, second) = (ask().await.unwrap(), ask().await.unwrap());
    assert_eq!((first.status().as_u16(), first.headers().get("retry-after")), (429, None));
    assert_eq!(second.headers()["retry-after"], "7");
    assert_eq!(ask().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_platforms_429_and_503_always_say_when_to_come_back() {
    let world = World::start().await;
    for (kind, status, code) in
        [(FaultKind::RateLimited, 429, "rate_limited"), (FaultKind::Unavailable, 503, "unavailable")]
    {
        world.sim.arm_fault(FaultSpec::new("GET /restaurants/*/orders", kind));
        let response = world.plateform(Method::GET, "/orders").send().await.unwrap();
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let (answered, body) = answer(response).await;
        assert_eq!((answered, &body["code"]), (status, &json!(code)));
    }
}

#[tokio::test]
async fn a_write_lost_after_the_commit_is_answered_by_its_key() {
    let world = World::start().await;
    let body = json!({ "provider": "cassa-in-cloud", "state": "active", "checkedAt": "2026-01-01T10:00:00Z" });
    world.sim.arm_fault(FaultSpec::new("PUT /restaurants/*/integration", FaultKind::ErrorAfterCommit));
    assert_eq!(world.plateform_send(Method::PUT, "/integration", "key-0001", &body).await.0, 500);
    assert_eq!(world.plateform_send(Method::PUT, "/integration", "key-0001", &body).await.0, 204);
    assert_eq!(world.sim.integration("rest-demo").len(), 1);
}

#[tokio::test]
async fn a_fault_is_recorded_with_the_call_it_hit_and_can_be_disarmed() {
    let world = World::start().await;
    let fault = json!({ "endpoint": "GET /products", "fault": "error_before_commit", "times": 5, "status": 502 });
    assert_eq!(world.control(Method::POST, "/faults", &fault).await.0, 200);
    assert_eq!(world.till_get_with("/products", &[]).await.0, 502);
    assert_eq!(world.sim.requests(None).last().unwrap().fault.as_ref().unwrap()["fault"], "error_before_commit");
    world.control(Method::DELETE, "/faults", &json!({})).await;
    assert_eq!(world.till_get_with("/products", &[]).await.0, 200);
}

#[tokio::test]
async fn a_fault_that_is_written_wrongly_is_refused() {
    let world = World::start().await;
    for fault in [
        json!({ "endpoint": "GET /x", "fault": "explode" }),
        json!({ "fault": "slow" }),
        json!({ "endpoint": "GET /x", "fault": "slow", "often": 2 }),
    ] {
        assert_eq!(world.control(Method::POST, "/faults", &fault).await.0, 422);
    }
}
