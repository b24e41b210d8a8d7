//! The probe: read-only, redacted, and honest about what it saw.

use crate::{
    access::{access, client, fixture, work},
    server::{Reply, Request, Server},
};
use cassa_in_cloud::{Guess, PROBE_CALLS, Probe, Standing};
use serde_json::{Value, json};

/// A till with the documented pages, strict about lists.
fn documented(request: &Request, change: impl Fn(&mut Value)) -> Reply {
    let path = request.path().trim_start_matches('/').to_owned();
    let mut page = match path.as_str() {
        _ if request.query("idsSalesPoint").as_deref() == Some("90101") => {
            return Reply::Json(400, json!({"error": "InvalidParams", "msg": "idsSalesPoint: error.expected.jsarray"}));
        }
        _ if request.query("lastUpdateFrom").is_some() => return Reply::Json(200, json!({"totalCount": 0})),
        "products" => fixture("products-page"),
        "categories" => json!({"categories": [{"id": "pizze", "enableForMobileCommerce": true}], "totalCount": 1}),
        "modifiers" => json!({"modifiers": [{"id": "o", "description": "Aggiunte", "values": []}], "totalCount": 1}),
        _ => return Reply::Json(404, json!({"error": "NotFound", "msg": "path"})),
    };
    change(&mut page);
    Reply::Json(200, page)
}

async fn probed(change: impl Fn(&mut Value) + Send + Sync + 'static) -> (Probe, Server) {
    let server = Server::till(move |request, _| documented(request, &change)).await;
    (client(&server).probe(&work(), &access()).await, server)
}

fn guess<'a>(probe: &'a Probe, text: &str) -> &'a Guess {
    probe.guesses.iter().find(|guess| guess.guess.contains(text)).unwrap()
}

#[tokio::test]
async fn a_probe_reads_so_many_times_as_it_says_and_writes_nothing() {
    let (probe, server) = probed(|_| ()).await;
    let requests = server.requests();
    assert_eq!((requests.len(), probe.calls.len()), (PROBE_CALLS as usize, PROBE_CALLS as usize));
    assert!(requests.iter().all(|request| request.line.starts_with("GET ")), "{requests:?}");
}

#[tokio::test]
async fn e62_nothing_that_the_till_holds_leaves_the_probe() {
    let (probe, _) = probed(|_| ()).await;
    let text = serde_json::to_string(&probe).unwrap();
    for hidden in ["Margherita", "90101", "images.example.test", "7.5", "token-1"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
    assert!(text.contains("products[].variants[].id"), "the names of fields are what it is for");
}

#[tokio::test]
async fn each_guess_is_confirmed_contradicted_or_not_seen() {
    let (probe, _) = probed(|_| ()).await;
    let expected = [
        ("is refused with 400", Standing::Confirmed),
        ("listed at /options", Standing::Confirmed),
        ("APP", Standing::Confirmed),
        ("lists say totalCount", Standing::Confirmed),
        ("GET /webhooks", Standing::Contradicted),
        ("names its orders", Standing::NotSeen),
        ("searched by bare milliseconds", Standing::Contradicted),
    ];
    for (text, standing) in expected {
        assert_eq!(guess(&probe, text).standing, standing, "{:?}", guess(&probe, text));
    }
}

#[tokio::test]
async fn another_shape_contradicts_the_guess_and_names_the_setting() {
    let (probe, _) = probed(|page| {
        for row in page.as_object_mut().unwrap().values_mut().filter_map(Value::as_array_mut).flatten() {
            row["enableForMobileCommerce"] = json!(false);
            row["enableForSale"] = json!(true);
            row["variants"] = json!([]);
            for modifier in row.get_mut("modifiers").and_then(Value::as_array_mut).into_iter().flatten() {
                modifier["modifierType"] = json!("REMOVE");
            }
        }
    })
    .await;
    let channel = guess(&probe, "APP");
    assert_eq!((channel.standing, channel.setting), (Standing::Contradicted, "cic.channel"));
    assert_eq!(guess(&probe, "technical variant").standing, Standing::Contradicted);
    let removals = guess(&probe, "additions from removals");
    assert_eq!(removals.standing, Standing::Contradicted);
    assert!(removals.seen.ends_with("modifierType") && !removals.seen.contains("REMOVE"), "{}", removals.seen);
}

#[tokio::test]
async fn a_till_that_is_gone_confirms_nothing_and_contradicts_nothing() {
    let server = Server::till(|_, _| Reply::Close).await;
    let probe = client(&server).probe(&work(), &access()).await;
    assert!(probe.calls.iter().all(|call| call.status.is_none() && call.failure.is_some()));
    assert!(probe.guesses.iter().all(|guess| guess.standing == Standing::NotSeen), "{:?}", probe.guesses);
}
