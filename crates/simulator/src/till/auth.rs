//! Tokens: asked for with an API key, JWT-like, valid for an hour.

use super::{account::Token, error::TillError};
use crate::{
    http::{Incoming, Reply},
    restaurant::KeyState,
    state::State,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// `POST /apikey/token`.
pub(crate) fn token(state: &mut State, request: &Incoming) -> Result<Reply, TillError> {
    let body: Value =
        serde_json::from_slice(&request.body).map_err(|_| TillError::invalid_params("apiKey: error.expected.json"))?;
    let key = body["apiKey"].as_str().ok_or_else(|| TillError::invalid_params("apiKey"))?;
    let ttl = state.config.till.token_ttl_seconds;
    let number = state.ids.number();
    let account = state.accounts.get_mut(key).ok_or_else(|| TillError::invalid_params("apiKey"))?;
    match account.key_state {
        KeyState::Active => {}
        KeyState::Revoked => return Err(TillError::invalid_params("apiKey")),
        KeyState::Unlicensed => return Err(TillError::no_licence()),
    }
    let points: Vec<Value> = account.sales_points.iter().map(|point| point["id"].clone()).collect();
    let expires_ms = request.at.as_millisecond() + ttl * 1000;
    let claims = json!({ "sub": "demo", "iss": "simulator", "exp": expires_ms / 1000, "scope": "read, write",
        "idsSalesPoint": points, "jti": number });
    let text = jwt_like(&claims);
    account.tokens.push(Token { text: text.clone(), expires_ms });
    Ok(Reply::ok(&json!({ "access_token": text, "expires_in": ttl, "token_type": "Bearer" })))
}

fn jwt_like(claims: &Value) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let header = json!({ "alg": "HS512", "typ": "JWT" }).to_string();
    format!("{}.{}.{}", part(&header), part(&claims.to_string()), part("not-a-real-signature"))
}

/// The API key behind the request's bearer token.
pub(crate) fn key_of(state: &State, request: &Incoming) -> Result<String, TillError> {
    let bearer = request.bearer().ok_or_else(|| TillError::unauthorized("bearer token missing"))?;
    let now_ms = request.at.as_millisecond();
    for (key, account) in &state.accounts {
        let Some(token) = account.tokens.iter().find(|token| token.text == bearer) else { continue };
        return match account.key_state {
            KeyState::Unlicensed => Err(TillError::no_licence()),
            KeyState::Revoked => Err(TillError::unauthorized("key revoked")),
            KeyState::Active if token.expires_ms <= now_ms => Err(TillError::unauthorized("token expired")),
            KeyState::Active => Ok(key.clone()),
        };
    }
    Err(TillError::unauthorized("token unknown"))
}
