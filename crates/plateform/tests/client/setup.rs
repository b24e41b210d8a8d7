//! How the platform is set up, as the doctor asks for it.

use crate::server::{Reply, Server, access, instant, tenant, work};
use app::ports::{PlatformError, doctor::PlatformSetup, doctor::RestaurantSeen};
use domain::order::Service;
use serde_json::{Value, json};

fn restaurant() -> Value {
    json!({
        "id": "rest-1", "name": "Trattoria Prova", "timeZone": "Europe/Rome", "locales": ["it"], "menuPresent": false,
        "services": [{"kind": "takeaway", "menuAssigned": true}, {"kind": "delivery", "menuAssigned": false}, {"kind": "table", "menuAssigned": true}]
    })
}

#[tokio::test]
async fn s52_services_and_menus_are_read_from_the_restaurant() {
    let server = Server::playing([Reply::Json(200, restaurant())]).await;
    let seen = server.client().restaurant(&work(), &access(), &tenant()).await.unwrap();
    let services = vec![(Service::Takeaway, true), (Service::Delivery, false)];
    assert_eq!(seen, RestaurantSeen { services, has_menu: false });
}

#[tokio::test]
async fn the_platform_s_clock_is_that_of_its_answers_and_of_successes_alone() {
    let date = "date: Tue, 24 Nov 2026 19:30:00 GMT\r\n";
    let server = Server::playing([
        Reply::With(200, date, restaurant()),
        Reply::Json(200, restaurant()),
        Reply::With(401, date, json!({"code": "unauthorized"})),
    ])
    .await;
    let client = server.client();
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(client.platform_time(&work(), &access(), &tenant()).await);
    }
    let refused = PlatformError::Refused { status: 401, code: "unauthorized".to_owned() };
    assert_eq!(told, [Ok(Some(instant("2026-11-24T19:30:00Z"))), Ok(None), Err(refused)]);
    assert_eq!(server.received()[0].line, "GET /integrations/v1/restaurants/rest-1 HTTP/1.1");
}
