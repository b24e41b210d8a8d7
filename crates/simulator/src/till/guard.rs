//! What every resource call must satisfy before it is looked at.

use super::{auth, error::TillError};
use crate::{http::Incoming, state::State};
use axum::http::Method;

/// The till's limit on a body.
const MAX_BODY_BYTES: usize = 102_400;

/// Size, bearer, rate and headers, in this order. Returns the API key.
pub(crate) fn admit(state: &mut State, request: &Incoming) -> Result<String, TillError> {
    check_size(request)?;
    let key = auth::key_of(state, request)?;
    count_call(state, &key, request)?;
    if !state.config.till.lenient_headers {
        check_headers(request)?;
    }
    Ok(key)
}

/// The till refuses large bodies on every path.
pub(crate) fn check_size(request: &Incoming) -> Result<(), TillError> {
    if request.body.len() > MAX_BODY_BYTES { Err(TillError::too_large()) } else { Ok(()) }
}

fn count_call(state: &mut State, key: &str, request: &Incoming) -> Result<(), TillError> {
    let toggles = &state.config.till;
    let (limit, length_ms) = (toggles.rate_limit, toggles.rate_window_seconds * 1000);
    let tell = toggles.rate_retry_after;
    let Some(account) = state.accounts.get_mut(key) else { return Ok(()) };
    let family = request.segments().into_iter().next().unwrap_or_default();
    let window = account.windows.entry(family).or_default();
    let admitted = window.admit(request.at.as_millisecond(), limit, length_ms);
    admitted.map_err(|seconds| TillError::too_many(tell.then_some(seconds)))
}

fn check_headers(request: &Incoming) -> Result<(), TillError> {
    if request.header("x-version") != Some("1.0.0") {
        return Err(TillError::invalid_params("X-Version"));
    }
    if request.method == Method::GET {
        return Ok(());
    }
    if request.header("x-requested-with").is_none_or(str::is_empty) {
        return Err(TillError::invalid_params("X-Requested-With"));
    }
    if !request.is_json() {
        return Err(TillError::not_json());
    }
    Ok(())
}
