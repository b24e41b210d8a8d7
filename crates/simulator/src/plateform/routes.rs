//! The platform's paths, behind its bearer token and its idempotency keys.

use super::{
    customers, idempotency::IdempotencyKeys, integration, menu, order, problem::Problem, status, store::Platform,
};
use crate::{
    http::{Incoming, Reply},
    state::{IdSource, State},
};
use axum::http::Method;

/// Answers a call to the platform.
pub(crate) fn handle(state: &mut State, request: &Incoming) -> Reply {
    route(state, request).unwrap_or_else(Problem::into_reply)
}

fn route(state: &mut State, request: &Incoming) -> Result<Reply, Problem> {
    let bearer = request.bearer().ok_or_else(Problem::unauthorized)?;
    if !state.platforms.values().any(|platform| platform.token == bearer) {
        return Err(Problem::unauthorized());
    }
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["restaurants", restaurant, path @ ..] = path.as_slice() else { return Err(Problem::not_found("path")) };
    let platform = state.platforms.get_mut(*restaurant).filter(|platform| platform.token == bearer);
    let platform = platform.ok_or_else(|| Problem::not_found("restaurant"))?;
    if request.method == Method::GET {
        return read(platform, request, path);
    }
    guarded_write(platform, &mut state.ids, request, path)
}

fn read(platform: &Platform, request: &Incoming, path: &[&str]) -> Result<Reply, Problem> {
    match path {
        [] => Ok(Reply::ok(&platform.restaurant)),
        ["menu"] => menu::list(platform, request),
        ["orders"] => order::list(platform, request),
        ["orders", id] => order::one(platform, id),
        ["customers"] => customers::list(platform, request),
        _ => Err(Problem::not_found("path")),
    }
}

/// A write behind its idempotency key. Any result but a failure of the platform itself is remembered.
fn guarded_write(
    platform: &mut Platform,
    ids: &mut IdSource,
    request: &Incoming,
    path: &[&str],
) -> Result<Reply, Problem> {
    let key = IdempotencyKeys::key_of(request)?;
    if let Some(first) = platform.keys.replay(&key, request)? {
        return Ok(first);
    }
    if !request.is_json() {
        return Err(Problem::not_json());
    }
    let reply = write(platform, ids, request, path).unwrap_or_else(Problem::into_reply);
    platform.keys.remember(key, request, &reply);
    Ok(reply)
}

fn write(platform: &mut Platform, ids: &mut IdSource, request: &Incoming, path: &[&str]) -> Result<Reply, Problem> {
    match (request.method.as_str(), path) {
        ("PUT", ["integration"]) => integration::put(platform, request),
        ("POST", ["menu", "changes"]) => menu::apply(platform, ids, request),
        ("POST", ["orders", id, "status"]) => status::change(platform, ids, id, request),
        ("PUT", ["orders", id, "till"]) => order::put_till(platform, ids, id, request),
        _ => Err(Problem::method_not_allowed()),
    }
}
