//! Whatever the till sends is read or refused, and never ends the process.

use crate::{
    access::{access, client, now, work},
    server::{Reply, Server},
};
use app::ports::{Till, TillError};
use cassa_in_cloud::webhook::RawWebhook;
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Value, json};

/// JSON whose keys are mostly the till's own.
fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["ACCEPTED", "PROCESSED", "plt-1", "12.345", "1e400"]).prop_map(Value::from),
    ];
    let keys = vec![
        "id",
        "externalId",
        "document",
        "externalWorkflowStatus",
        "status",
        "amount",
        "idSalesPoint",
        "orders",
        "documentConnectionSources",
        "totalCount",
        "order",
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        let key = prop::sample::select(keys.clone()).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(key, inner, 0..8)
                .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn any_signed_body_is_read_or_refused(body in json_like(), operation in prop_oneof![
        Just("ORDER/EDIT".to_owned()), Just("RECEIPT/CREATE".to_owned()), Just("PRODUCT/EDIT".to_owned()), ".{0,20}",
    ]) {
        let body = body.to_string().into_bytes();
        let mut mac = Hmac::<sha1::Sha1>::new_from_slice(b"s").unwrap();
        mac.update(&body);
        let signature = hex::encode(mac.finalize().into_bytes());
        let raw = RawWebhook { operation: Some(&operation), signature: Some(&signature), body: &body };
        let _ = raw.verify(&[SecretString::from("s")]).unwrap().parse();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_rows_are_a_list_and_any_other_answer_is_unclear(rows in prop::collection::vec(json_like(), 0..20), other in json_like()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let bodies = [json!({"orders": rows}), json!({"rows": other})];
            let server = Server::till(move |_, index| Reply::Json(200, bodies[index].clone())).await;
            let client = client(&server);
            assert!(client.orders(&work(), &access(), now(), now()).await.is_ok());
            let error = client.orders(&work(), &access(), now(), now()).await.unwrap_err();
            assert!(matches!(error, TillError::Unclear { .. }));
        });
    }
}
