use super::*;
use crate::replay::Replay;
use app::memory::ManualClock;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

fn tenants(replay: &Replay) -> (DynamoTenants<ManualClock>, ManualClock) {
    let clock = ManualClock::at("2026-11-24T12:00:00Z".parse().unwrap());
    let aws = replay.aws();
    let secrets = Secrets::new(aws.kms, None, true);
    (DynamoTenants::new(aws.dynamodb, "tenants", secrets, clock.clone()), clock)
}

fn item(id: &str, status: &str, api_key: &str) -> Value {
    json!({
        "tenant_id": {"S": id},
        "status": {"S": status},
        "cic": {"M": {
            "sales_point_id": {"N": "90101"},
            "api_key": {"S": api_key},
            "webhook_secrets": {"L": [{"S": "hook-old"}, {"S": "hook-new"}]},
        }},
    })
}

fn found(item: Value) -> (u16, Value) {
    (200, json!({"Item": item}))
}

fn id(id: &str) -> TenantId {
    TenantId::parse(id).unwrap()
}

#[tokio::test]
async fn a_tenant_comes_with_its_record_and_its_secrets() {
    let replay = Replay::new([found(item("rest-1", "paused", "key"))]);
    let access = tenants(&replay).0.tenant(&id("rest-1"), Freshness::Cached).await.unwrap().unwrap();
    assert_eq!(access.tenant.activity, Activity::Paused);
    assert_eq!(access.api_key.expose_secret(), "key");
    let hooks: Vec<_> = access.webhook_secrets.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(hooks, ["hook-old", "hook-new"]);
    let expected = json!({"TableName": "tenants", "Key": {"tenant_id": {"S": "rest-1"}}, "ConsistentRead": false});
    assert_eq!(replay.calls(), [("GetItem".to_owned(), expected)]);
    let shown = format!("{access:?}");
    assert!(!shown.contains("hook-") && !shown.contains("\"key\""), "{shown}");
}

#[tokio::test]
async fn s50_a_saved_record_serves_five_minutes_and_a_reload_reads_it_again_only_after_thirty_seconds() {
    let replay = Replay::new(["one", "two", "three"].map(|key| found(item("rest-1", "active", key))));
    let (tenants, clock) = tenants(&replay);
    let key = async |freshness| {
        let access = tenants.tenant(&id("rest-1"), freshness).await.unwrap().unwrap();
        access.api_key.expose_secret().to_owned()
    };
    assert_eq!(key(Freshness::Cached).await, "one");
    clock.advance(SignedDuration::from_secs(29));
    assert_eq!(key(Freshness::Reload).await, "one");
    clock.advance(SignedDuration::from_secs(1));
    assert_eq!(key(Freshness::Cached).await, "one");
    assert_eq!(key(Freshness::Reload).await, "two");
    assert_eq!(replay.calls()[1].1["ConsistentRead"], true);
    clock.advance(SignedDuration::from_secs(299));
    assert_eq!(key(Freshness::Cached).await, "two");
    clock.advance(SignedDuration::from_secs(1));
    assert_eq!(key(Freshness::Cached).await, "three");
}

#[tokio::test]
async fn a_tenant_that_is_not_there_is_none_and_is_looked_for_again() {
    let replay = Replay::new([(200, json!({})), found(item("rest-1", "active", "key"))]);
    let (tenants, _) = tenants(&replay);
    assert!(tenants.tenant(&id("rest-1"), Freshness::Cached).await.unwrap().is_none());
    assert!(tenants.tenant(&id("rest-1"), Freshness::Cached).await.unwrap().is_some());
}

#[tokio::test]
async fn a_malformed_record_is_an_error_with_field_and_remedy() {
    let replay =
        Replay::new([found(json!({"tenant_id": {"S": "rest-1"}, "cic": {"M": {"api_key": {"S": "canary"}}}}))]);
    let error = tenants(&replay).0.tenant(&id("rest-1"), Freshness::Cached).await.unwrap_err();
    let told = error.to_string();
    assert!(told.starts_with("tenant rest-1 cannot be read: cic.sales_point_id: missing"), "{told}");
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn a_tenant_without_webhook_secrets_is_malformed() {
    let mut record = item("rest-1", "active", "key");
    record["cic"]["M"]["webhook_secrets"] = json!({"L": []});
    let replay = Replay::new([found(record)]);
    let error = tenants(&replay).0.tenant(&id("rest-1"), Freshness::Cached).await.unwrap_err();
    assert!(error.to_string().contains("cic.webhook_secret of rest-1"), "{error}");
}

#[tokio::test]
async fn the_platform_s_record_is_read_once_and_a_missing_one_names_the_remedy() {
    let record = json!({"tenant_id": {"S": "#plateform"}, "api_token": {"S": "t"},
        "webhook_secrets": {"L": [{"S": "whsec_a"}]}});
    let replay = Replay::new([(200, json!({})), found(record)]);
    let (tenants, _) = tenants(&replay);
    let error = tenants.platform(Freshness::Cached).await.unwrap_err();
    assert!(matches!(&error, StoreError::Malformed { remedy, .. } if remedy.contains("api_token")), "{error}");
    tenants.warm().await;
    assert_eq!(tenants.platform(Freshness::Cached).await.unwrap().api_token.expose_secret(), "t");
    assert_eq!(replay.calls().len(), 2);
}

#[tokio::test]
async fn active_tenants_are_scanned_page_by_page_without_paused_malformed_and_reserved_items() {
    let page = |items: Value, last: Option<&str>| {
        let mut page = json!({"Items": items});
        if let Some(last) = last {
            page["LastEvaluatedKey"] = json!({"tenant_id": {"S": last}});
        }
        (200, page)
    };
    let reserved = json!({"tenant_id": {"S": "#salespoint#90101"}});
    let malformed = json!({"tenant_id": {"S": "rest-3"}});
    let replay = Replay::new([
        page(json!([item("rest-1", "active", "k"), reserved, item("rest-2", "paused", "k")]), Some("rest-2")),
        page(json!([malformed, item("rest-4", "active", "k")]), None),
    ]);
    assert_eq!(tenants(&replay).0.active().await.unwrap(), [id("rest-1"), id("rest-4")]);
    assert_eq!(replay.calls()[1].1["ExclusiveStartKey"], json!({"tenant_id": {"S": "rest-2"}}));
}

#[tokio::test(start_paused = true)]
async fn a_table_that_does_not_answer_is_unavailable_and_not_an_unknown_tenant() {
    let replay = Replay::new(std::iter::repeat_n((500, json!({"__type": "InternalServerError"})), 3));
    let error = tenants(&replay).0.tenant(&id("rest-1"), Freshness::Cached).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
}
