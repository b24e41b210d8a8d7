//! The control endpoints: HTTP in front of the methods of [`Control`].

use super::{
    Control,
    body::{ActBody, EditQuery, new_order, parse, table},
    page,
    types::{ActionOptions, MenuEdit},
};
use crate::{error::ControlError, http::Party};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    response::Json,
    routing::{delete, get, post, put},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Answer = Result<Json<Value>, ControlError>;

/// Everything under `/control`, and the page.
pub(crate) fn router(control: Control) -> Router {
    Router::new()
        .route("/", get(page::page))
        .route("/control/state", get(async |State(control): State<Control>| Json(control.state())))
        .route("/control/requests", get(requests))
        .route("/control/config", get(config).put(configure))
        .route("/control/restaurants", post(add_restaurant))
        .route("/control/restaurants/{id}", get(restaurant))
        .route("/control/restaurants/{id}/key", put(key_state))
        .route("/control/orders", post(place_order))
        .route("/control/orders/{id}", get(order))
        .route("/control/orders/{id}/cancel", post(cancel))
        .route("/control/orders/{id}/staff/{action}", post(staff))
        .route("/control/till/orders/{external_id}", get(till_order))
        .route("/control/till/orders/{external_id}/{action}", post(act))
        .route("/control/till/webhook", post(till_webhook))
        .route("/control/till/tokens/expire", post(expire_tokens))
        .route("/control/till/salespoint", put(put_sales_point))
        .route("/control/till/webhooks/{entity}", put(put_webhook).delete(delete_webhook))
        .route("/control/till/{table}", get(rows))
        .route("/control/till/{table}/{id}", put(put_row).delete(delete_row))
        .route("/control/plateform/{restaurant}/menu", get(menu))
        .route("/control/plateform/{restaurant}/menu/{kind}/{id}", put(put_entry).delete(delete_entry))
        .route("/control/plateform/{restaurant}/customers", put(change_customer))
        .route("/control/plateform/{restaurant}/sync", post(request_sync))
        .route("/control/faults", post(arm_fault).merge(delete(clear_faults)))
        .route("/control/webhooks/release", post(release))
        .route("/control/settle", post(settle))
        .route("/control/reset", post(async |State(control): State<Control>| Json(control.reset())))
        .with_state(control)
}

fn answer(value: impl Serialize) -> Answer {
    serde_json::to_value(value).map(Json).map_err(|error| ControlError::Invalid(error.to_string()))
}

async fn requests(State(control): State<Control>, Query(query): Query<BTreeMap<String, String>>) -> Answer {
    let party = match query.get("party").map(String::as_str) {
        Some("cic") => Some(Party::Cic),
        Some("plateform") => Some(Party::Plateform),
        Some(other) => return Err(ControlError::Invalid(format!("party {other}: cic or plateform"))),
        None => None,
    };
    answer(control.requests(party))
}

async fn config(State(control): State<Control>) -> Answer {
    answer(control.config())
}

async fn configure(State(control): State<Control>, body: Bytes) -> Answer {
    answer(control.configure(&parse(&body)?)?)
}

async fn add_restaurant(State(control): State<Control>, body: Bytes) -> Answer {
    answer(control.add_restaurant(parse(&body)?)?)
}

async fn restaurant(State(control): State<Control>, Path(id): Path<String>) -> Answer {
    answer(control.restaurant(&id)?)
}

async fn key_state(State(control): State<Control>, Path(id): Path<String>, body: Bytes) -> Answer {
    let body: Value = parse(&body)?;
    let state = serde_json::from_value(body["state"].clone());
    control
        .set_key_state(&id, state.map_err(|_| ControlError::Invalid("state: active, revoked, unlicensed".into()))?)?;
    answer(json!({}))
}

async fn place_order(State(control): State<Control>, body: Bytes) -> Answer {
    answer(control.place_order(new_order(parse(&body)?)?).await?)
}

async fn order(State(control): State<Control>, Path(id): Path<String>) -> Answer {
    answer(control.placed(&id).ok_or_else(|| ControlError::NotFound(format!("order {id}")))?)
}

async fn cancel(State(control): State<Control>, Path(id): Path<String>, body: Bytes) -> Answer {
    let body: ActBody = parse(&body)?;
    answer(control.cancel_order(&id, body.reason.as_deref(), body.options()).await?)
}

async fn staff(State(control): State<Control>, Path((id, action)): Path<(String, String)>, body: Bytes) -> Answer {
    let body: ActBody = parse(&body)?;
    let status = match action.as_str() {
        "confirm" => "confirmed",
        "reject" => "rejected",
        "evaso" => "evaso",
        _ => return Err(ControlError::NotFound(format!("action {action}"))),
    };
    answer(control.staff(&id, status, body.reason.as_deref())?)
}

async fn till_order(State(control): State<Control>, Path(id): Path<String>) -> Answer {
    answer(control.till_order(&id).ok_or_else(|| ControlError::NotFound(format!("order {id} on the till")))?)
}

async fn act(State(control): State<Control>, Path((id, action)): Path<(String, String)>, body: Bytes) -> Answer {
    let body: ActBody = parse(&body)?;
    if action == "receipt" {
        return answer(control.issue_receipt(&id, body.options()).await?);
    }
    let mut done = control.till_action(&id, body.action(&action)?, body.options()).await?;
    if action == "complete" && body.receipt {
        let printed = control.issue_receipt(&id, body.options()).await?;
        done.entity = printed.entity;
        done.deliveries.extend(printed.deliveries);
    }
    answer(done)
}

async fn till_webhook(State(control): State<Control>, body: Bytes) -> Answer {
    answer(control.till_webhook(parse(&body)?).await?)
}

async fn expire_tokens(State(control): State<Control>) -> Answer {
    control.expire_tokens();
    answer(json!({}))
}

async fn put_sales_point(State(control): State<Control>, Query(query): Query<EditQuery>, body: Bytes) -> Answer {
    answer(control.edit_sales_point(query.restaurant.as_deref(), &parse(&body)?)?)
}

async fn put_webhook(
    State(control): State<Control>,
    Path(entity): Path<String>,
    Query(query): Query<EditQuery>,
    body: Bytes,
) -> Answer {
    answer(control.configure_webhook(query.restaurant.as_deref(), &entity, Some(&parse(&body)?))?)
}

async fn delete_webhook(
    State(control): State<Control>,
    Path(entity): Path<String>,
    Query(query): Query<EditQuery>,
) -> Answer {
    answer(control.configure_webhook(query.restaurant.as_deref(), &entity, None)?)
}

async fn rows(State(control): State<Control>, Path(name): Path<String>, Query(query): Query<EditQuery>) -> Answer {
    answer(control.till_rows(query.restaurant.as_deref(), table(&name)?)?)
}

async fn put_row(
    State(control): State<Control>,
    Path((name, id)): Path<(String, String)>,
    Query(query): Query<EditQuery>,
    body: Bytes,
) -> Answer {
    answer(control.edit_menu(edit(&name, id, query, Some(parse(&body)?))?).await?)
}

async fn delete_row(
    State(control): State<Control>,
    Path((name, id)): Path<(String, String)>,
    Query(query): Query<EditQuery>,
) -> Answer {
    answer(control.edit_menu(edit(&name, id, query, None)?).await?)
}

fn edit(name: &str, id: String, query: EditQuery, patch: Option<Value>) -> Result<MenuEdit, ControlError> {
    let (restaurant, webhook, wait) = (query.restaurant, query.webhook, query.wait.unwrap_or(true));
    Ok(MenuEdit { restaurant, table: table(name)?, id, patch, webhook, wait })
}

async fn menu(State(control): State<Control>, Path(restaurant): Path<String>) -> Answer {
    answer(control.plateform_menu(Some(&restaurant))?)
}

async fn put_entry(
    State(control): State<Control>,
    Path((restaurant, kind, id)): Path<(String, String, String)>,
    body: Bytes,
) -> Answer {
    let body: Value = parse(&body)?;
    let owned = body.get("owned").cloned().unwrap_or_else(|| json!({}));
    answer(control.edit_plateform_menu(Some(&restaurant), &kind, &id, body.get("upsert"), &owned)?)
}

async fn delete_entry(
    State(control): State<Control>,
    Path((restaurant, kind, id)): Path<(String, String, String)>,
) -> Answer {
    control.delete_plateform_menu(Some(&restaurant), &kind, &id)?;
    answer(json!({}))
}

async fn change_customer(State(control): State<Control>, Path(restaurant): Path<String>, body: Bytes) -> Answer {
    answer(control.change_customer(&restaurant, parse(&body)?, ActionOptions::default()).await?)
}

async fn request_sync(State(control): State<Control>, Path(restaurant): Path<String>, body: Bytes) -> Answer {
    let body: ActBody = parse(&body)?;
    answer(control.request_sync(&restaurant, body.options()).await?)
}

async fn arm_fault(State(control): State<Control>, body: Bytes) -> Answer {
    control.arm_fault(parse(&body)?);
    answer(json!({}))
}

async fn clear_faults(State(control): State<Control>) -> Answer {
    control.clear_faults();
    answer(json!({}))
}

async fn release(State(control): State<Control>, body: Bytes) -> Answer {
    let body: Value = parse(&body)?;
    answer(control.release_webhooks(body["reversed"] == true).await)
}

async fn settle(State(control): State<Control>) -> Answer {
    control.settle().await;
    answer(json!({}))
}
