//! The names of options, wherever the till serves them, and the sales modes.

use crate::{
    access::{access, client, fixture, work},
    menu::access_of,
    server::{Reply, Server},
};
use app::ports::{TillError, menu::TillCatalogue};
use domain::{OptionId, SalesModeId, menu::till::OptionNames};
use serde_json::{Value, json};

/// Options from one number to another.
fn options(from: usize, to: usize) -> Vec<Value> {
    (from..to).map(|n| json!({"id": format!("o-{n}"), "description": format!("Gruppo {n}")})).collect()
}

fn lines(server: &Server) -> Vec<String> {
    server.requests().into_iter().map(|request| request.line).collect()
}

async fn names(server: &Server) -> Result<OptionNames, TillError> {
    client(server).option_names(&work(), &access()).await
}

#[tokio::test]
async fn names_of_options_are_asked_for_once() {
    let value = json!({"id": "v-1", "description": "Speck"});
    let option = json!({"id": "o-1", "description": "Aggiunte", "values": [value]});
    let server = Server::answering(200, json!({"options": [option], "totalCount": 1})).await;
    let names = names(&server).await.unwrap();
    assert_eq!(names.options.get(&OptionId::parse("o-1").unwrap()).map(String::as_str), Some("Aggiunte"));
    assert_eq!(names.values.into_values().collect::<Vec<_>>(), ["Speck"]);
    assert_eq!(lines(&server), ["GET /options?start=0&limit=100 HTTP/1.1"]);
}

#[tokio::test]
async fn names_of_options_are_looked_for_on_the_other_path_when_the_first_does_not_exist() {
    for missing in [404, 403] {
        let server = Server::till(move |request, _| match request.path() {
            "/options" => Reply::Json(missing, json!({})),
            _ => Reply::Json(200, json!({"modifiers": options(0, 2), "totalCount": 2})),
        })
        .await;
        assert_eq!(names(&server).await.unwrap().options.len(), 2, "{missing}");
        assert_eq!(lines(&server)[1..], ["GET /modifiers?start=0&limit=100 HTTP/1.1"]);
    }
}

#[tokio::test]
async fn a_till_without_either_path_has_no_names_of_options() {
    for missing in [404, 403] {
        let server = Server::answering(missing, json!({})).await;
        assert_eq!(names(&server).await, Ok(OptionNames::default()), "{missing}");
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn an_answer_that_is_no_missing_path_is_never_taken_for_one() {
    for status in [400, 401, 405, 429, 500, 503] {
        let server = Server::answering(status, json!({})).await;
        names(&server).await.unwrap_err();
        assert!(server.requests().iter().all(|request| request.path() == "/options"), "{status}");
    }
}

#[tokio::test]
async fn a_list_of_options_is_found_under_any_key_but_never_guessed() {
    for (body, count) in [
        (json!({"options": options(0, 3), "values": []}), 3),
        (json!({"items": options(0, 2), "totalCount": 2}), 2),
        (json!({"totalCount": 0}), 0),
    ] {
        let server = Server::answering(200, body.clone()).await;
        assert_eq!(names(&server).await.unwrap().options.len(), count, "{body}");
    }
    for body in [json!({}), json!({"totalCount": 2}), json!({"a": [], "b": []}), json!([])] {
        let server = Server::answering(200, body.clone()).await;
        assert!(matches!(names(&server).await, Err(TillError::Unclear { status: Some(200), .. })), "{body}");
    }
}

#[tokio::test]
async fn more_options_than_a_page_holds_are_read_on_in_the_second_call_and_no_third_is_made() {
    for (count, total, read, calls) in [
        (100, Some(100), 100, 1),
        (100, None, 100, 2),
        (150, Some(150), 150, 2),
        (150, None, 150, 2),
        (200, Some(200), 200, 2),
        (999, Some(999), 200, 2),
    ] {
        let server = Server::till(move |request, _| {
            let start: usize = request.query("start").unwrap().parse().unwrap();
            let mut body = json!({"options": options(start.min(count), (start + 100).min(count))});
            body["totalCount"] = json!(total);
            Reply::Json(200, body)
        })
        .await;
        assert_eq!((names(&server).await.unwrap().options.len(), server.requests().len()), (read, calls), "{count}");
        if calls == 2 {
            assert_eq!(lines(&server)[1], "GET /options?start=100&limit=100 HTTP/1.1");
        }
    }
}

#[tokio::test]
async fn a_further_page_of_options_that_fails_is_no_end_of_the_list() {
    for status in [403, 404, 500] {
        let server = Server::till(move |_, index| match index {
            0 => Reply::Json(200, json!({"options": options(0, 100), "totalCount": 150})),
            _ => Reply::Json(status, json!({})),
        })
        .await;
        names(&server).await.unwrap_err();
        assert_eq!(server.requests().len(), 2, "{status}");
    }
}

#[tokio::test]
async fn the_other_path_is_asked_for_one_page() {
    let server = Server::till(|request, _| match request.path() {
        "/options" => Reply::Json(404, json!({})),
        _ => Reply::Json(200, json!({"modifiers": options(0, 100), "totalCount": 150})),
    })
    .await;
    assert_eq!((names(&server).await.unwrap().options.len(), server.requests().len()), (100, 2));
}

/// Sales modes with these names, whose ids are their numbers, and what the till says of their count.
fn modes(names: &[&str], total: Value) -> Value {
    let rows = (0..).zip(names).map(|(n, name): (i32, _)| json!({"id": format!("m-{n}"), "description": name}));
    json!({"salesModes": rows.collect::<Vec<_>>(), "totalCount": total})
}

async fn found(body: Value) -> Result<(Option<SalesModeId>, Option<SalesModeId>), TillError> {
    let server = Server::answering(200, body).await;
    client(&server).sales_modes(&work(), &access()).await
}

fn id(id: &str) -> Option<SalesModeId> {
    SalesModeId::parse(id).ok()
}

#[tokio::test]
async fn sales_modes_are_asked_for_anew_each_time_in_one_call() {
    let server = Server::answering(200, fixture("salesmodes-page")).await;
    let access = access_of(&json!({
        "sales_mode_takeaway": "Plateform asporto", "sales_mode_delivery": "Plateform consegna"
    }));
    let client = client(&server);
    let wanted = [41, 42].map(|n| id(&format!("00000000-0000-4000-8000-0000000000{n}")));
    for _ in 0..2 {
        assert_eq!(client.sales_modes(&work(), &access).await, Ok(wanted.clone().into()));
    }
    let line = "GET /salesmodes?idsSalesPoint=%5B90101%5D&start=0&limit=100 HTTP/1.1";
    assert_eq!(lines(&server), [line, line]);
}

#[tokio::test]
async fn s27_a_sales_mode_has_exactly_its_name_and_a_near_miss_is_none() {
    let both = modes(&["plateform_delivery", "Banco", "plateform_takeaway"], json!(3));
    assert_eq!(found(both).await, Ok((id("m-2"), id("m-0"))));
    for near in [
        "Plateform_takeaway",
        "plateform_takeaway ",
        " plateform_takeaway",
        "plateform-takeaway",
        "plateform takeaway",
        "plateform_takeaway2",
        "plateform_take_away",
        "platform_takeaway",
        "",
    ] {
        let body = modes(&[near, "plateform_delivery"], json!(2));
        assert_eq!(found(body).await, Ok((None, id("m-1"))), "{near}");
    }
    assert_eq!(found(json!({"totalCount": 0})).await, Ok((None, None)));
}

#[tokio::test]
async fn a_sales_mode_that_is_not_on_a_page_that_is_not_all_is_not_missing() {
    let mut names = vec!["Altra"; 98];
    names.extend(["plateform_takeaway", "plateform_delivery"]);
    assert_eq!(found(modes(&names, json!(250))).await, Ok((id("m-98"), id("m-99"))));
    names[99] = "Altra";
    let unclear =
        TillError::Unclear { status: Some(200), detail: "not the documented shape: not every sales mode".to_owned() };
    for total in [json!(101), json!(null)] {
        assert_eq!(found(modes(&names, total)).await, Err(unclear.clone()));
    }
    assert_eq!(found(modes(&names, json!(100))).await, Ok((id("m-98"), None)));
    assert_eq!(found(modes(&names[..99], json!(null))).await, Ok((id("m-98"), None)));
}
