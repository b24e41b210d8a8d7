use super::*;

fn webhook(file: &str) -> Webhook {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events").join(file);
    Webhook::of_event(&std::fs::read(path).unwrap()).unwrap()
}

fn tenant() -> TenantId {
    TenantId::parse("rest-7").unwrap()
}

#[test]
fn only_what_the_sender_made_is_taken_from_an_event() {
    let webhook = webhook("webhook-cic-order-accepted.json");
    assert_eq!((webhook.method.as_str(), webhook.path.as_str()), ("POST", "/webhooks/cic/rest-demo"));
    assert_eq!(webhook.headers.keys().collect::<Vec<_>>(), ["content-type", "x-cn-operation", "x-cn-signature"]);
}

#[test]
fn a_body_in_base64_is_sent_as_the_bytes_that_it_stands_for() {
    let plain = webhook("webhook-cic-order-accepted.json");
    assert_eq!(webhook("webhook-cic-order-accepted-base64.json").body, plain.body);
}

#[test]
fn an_event_of_the_till_is_signed_as_of_another_tenant() {
    let mut webhook = webhook("webhook-cic-order-accepted.json");
    webhook.body = br#"{"id":"ord-1","externalId":"plt-1"}"#.to_vec();
    webhook.sign_as_till(&tenant(), "test-secret");
    assert_eq!(webhook.path, "/webhooks/cic/rest-7");
    assert_eq!(webhook.headers["x-cn-signature"], "935f8c70b5eee35347e15a33664fddf3c66e1fb0");
}

#[test]
fn an_event_of_the_platform_speaks_of_another_restaurant_and_is_signed_now_under_an_id_of_its_own() {
    let mut webhook = webhook("webhook-plateform-order-takeaway.json");
    webhook.speak_of(&tenant()).unwrap();
    let now = Timestamp::from_second(1_649_367_553).unwrap();
    webhook.sign_as_platform("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", now);
    let body: Value = serde_json::from_slice(&webhook.body).unwrap();
    assert_eq!((&body["restaurantId"], &body["data"]["order"]["restaurantId"]), (&"rest-7".into(), &"rest-7".into()));
    assert_eq!(webhook.headers["webhook-id"], "msg_ponte_1649367553000");
    assert_eq!(webhook.headers["webhook-timestamp"], "1649367553");
    assert!(webhook.headers["webhook-signature"].starts_with("v1,"));
}

#[test]
fn what_is_no_event_is_refused_by_name() {
    let error = Webhook::of_event(b"{}").unwrap_err();
    assert_eq!(error.to_string(), "not an event of the HTTP API");
    assert!(Webhook::of_event(&std::fs::read("../../events/webhook-cic-not-base64.json").unwrap()).is_err());
}

#[tokio::test]
async fn an_answer_is_its_status_and_its_body() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 4096];
        let read = stream.read(&mut asked).await.unwrap();
        let answer =
            "HTTP/1.1 401 Unauthorized\r\ncontent-length: 24\r\nconnection: close\r\n\r\n{\"error\":\"unauthorized\"}";
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&asked[..read]).into_owned()
    };
    let (asked, answer) = tokio::join!(server, post(&url, webhook("webhook-cic-product.json")));
    let answer = answer.unwrap();
    assert!(asked.starts_with("POST /webhooks/cic/rest-demo HTTP/1.1"), "{asked}");
    assert_eq!((answer.status, &answer.body["error"]), (401, &"unauthorized".into()));
}
