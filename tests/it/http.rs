//! The outside contract through the local API Gateway, as a sender sees it.

use crate::harness::on_shop;
use ponte::shop::Shop;
use reqwest::{Method, StatusCode};

async fn send(
    shop: &Shop,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> (StatusCode, String) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.request(method, format!("{}{path}", shop.aws.webhook_url())).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

#[test]
fn the_till_s_portal_may_check_the_address_of_any_tenant() {
    on_shop(async |shop| {
        for tenant in ["rest-demo", "nobody"] {
            let (status, body) = send(shop, Method::GET, &format!("/webhooks/cic/{tenant}"), &[], vec![]).await;
            assert_eq!((status, body.as_str()), (StatusCode::OK, r#"{"status":"ok"}"#));
            let (status, body) = send(shop, Method::HEAD, &format!("/webhooks/cic/{tenant}"), &[], vec![]).await;
            assert_eq!((status, body.as_str()), (StatusCode::OK, ""));
        }
    });
}

#[test]
fn health_says_the_version() {
    on_shop(async |shop| {
        let (status, body) = send(shop, Method::GET, "/healthz", &[], vec![]).await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains(env!("CARGO_PKG_VERSION")), "{body}");
    });
}

#[test]
fn e11_an_unknown_tenant_and_a_wrong_or_missing_signature_get_the_same_answer() {
    on_shop(async |shop| {
        let wrong = [("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", "00")];
        let known = send(shop, Method::POST, "/webhooks/cic/rest-demo", &wrong, b"{}".to_vec()).await;
        assert_eq!(known.0, StatusCode::UNAUTHORIZED);
        assert_eq!(send(shop, Method::POST, "/webhooks/cic/nobody", &wrong, b"{}".to_vec()).await, known);
        assert_eq!(send(shop, Method::POST, "/webhooks/cic/rest-demo", &[], b"{}".to_vec()).await, known);
        let headers = [("webhook-id", "m"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA")];
        assert_eq!(send(shop, Method::POST, "/webhooks/plateform", &headers, b"{}".to_vec()).await, known);
    });
}

#[test]
fn a_body_over_256_kib_is_413_and_any_bytes_are_answered() {
    on_shop(async |shop| {
        let headers =
            [("x-cn-operation", "ORDER/EDIT"), ("x-cn-signature", "00"), ("content-type", "application/octet-stream")];
        let (status, _) =
            send(shop, Method::POST, "/webhooks/cic/rest-demo", &headers, vec![b'a'; 256 * 1024 + 1]).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
        let (status, _) = send(shop, Method::POST, "/webhooks/cic/rest-demo", &headers, bytes).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn a_path_that_is_none_is_not_found() {
    on_shop(async |shop| {
        let (status, _) = send(shop, Method::POST, "/webhooks/altro", &[], vec![]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    });
}
