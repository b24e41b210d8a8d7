//! Tokens: one per API key, renewed early, asked for once however many callers wait (E44).
//!
//! Keys are held as hashes. Whatever goes wrong while a token is fetched, the call that needed it was not made: so a
//! failure here is never `Unclear`.

use crate::{call::Answer, error::classify, http::unreachable};
use app::ports::{Clock, TillError, Work};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// How long a token of unstated life is taken to live, in seconds: what the till documents.
const DEFAULT_LIFE: i64 = 3600;

/// The longest life believed, in seconds.
const LONGEST_LIFE: i64 = 86_400;

/// An API key's fingerprint, the only form in which keys are kept.
pub(crate) type KeyHash = [u8; 32];

/// Takes the fingerprint of an API key.
pub(crate) fn fingerprint(key: &SecretString) -> KeyHash {
    Sha256::digest(key.expose_secret()).into()
}

/// A token as it goes into the header.
#[derive(Clone)]
pub(crate) struct Token {
    /// `Bearer …`, marked sensitive.
    pub(crate) bearer: HeaderValue,
    renew_at: Timestamp,
    serial: u64,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
}

/// One key's token. Whoever holds the lock fetches; the others wait for it.
#[derive(Debug, Default)]
struct Slot {
    state: tokio::sync::Mutex<State>,
    failures: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Token>,
    failure: Option<TillError>,
    serial: u64,
}

/// The tokens of all keys.
#[derive(Default)]
pub(crate) struct Tokens {
    slots: Mutex<HashMap<KeyHash, Arc<Slot>>>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl Tokens {
    fn slot(&self, key: &SecretString) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(fingerprint(key)).or_default())
    }

    /// The key's token, from `fetch` if there is none or it is due. Callers that waited for a fetch share its failure.
    pub(crate) async fn get(
        &self,
        work: &Work,
        key: &SecretString,
        clock: &dyn Clock,
        fetch: impl Future<Output = Result<Answer, TillError>> + Send,
    ) -> Result<Token, TillError> {
        let slot = self.slot(key);
        let failures = slot.failures.load(Ordering::Acquire);
        let waited = tokio::time::timeout(work.left(), slot.state.lock()).await;
        let mut state = waited.map_err(|_| unreachable("no token in time"))?;
        let now = clock.now();
        if let Some(token) = state.token.as_ref().filter(|token| now < token.renew_at) {
            return Ok(token.clone());
        }
        if let Some(failure) = state.failure.as_ref().filter(|_| slot.failures.load(Ordering::Acquire) != failures) {
            return Err(failure.clone());
        }
        state.serial += 1;
        match fetch.await.and_then(|answer| grant(&answer, now, state.serial)).map_err(not_done) {
            Ok(token) => {
                state.token = Some(token.clone());
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                state.failure = Some(error.clone());
                slot.failures.fetch_add(1, Ordering::AcqRel);
                Err(error)
            }
        }
    }

    /// Drops a token that the till refused, unless a newer one has taken its place.
    pub(crate) async fn drop_refused(&self, key: &SecretString, refused: &Token) {
        let slot = self.slot(key);
        let mut state = slot.state.lock().await;
        if state.token.as_ref().is_some_and(|token| token.serial == refused.serial) {
            state.token = None;
        }
    }
}

/// The till's answer to a key; `expires_in` may be missing or a text.
#[derive(Deserialize)]
struct TokenDto {
    access_token: SecretString,
    #[serde(default, deserialize_with = "crate::types::tolerant::integer")]
    expires_in: Option<i64>,
}

fn grant(answer: &Answer, now: Timestamp, serial: u64) -> Result<Token, TillError> {
    match answer.status {
        200..=299 => {}
        status @ (400 | 401 | 403) => return Err(TillError::KeyRefused { status }),
        _ => return Err(classify(answer)),
    }
    let unusable = || unreachable("no usable token in the answer");
    let dto: TokenDto = serde_json::from_slice(&answer.body).map_err(|_| unusable())?;
    let mut bearer =
        HeaderValue::from_str(&format!("Bearer {}", dto.access_token.expose_secret())).map_err(|_| unusable())?;
    bearer.set_sensitive(true);
    let life = dto.expires_in.unwrap_or(DEFAULT_LIFE).clamp(0, LONGEST_LIFE);
    let renew_at = now.saturating_add(SignedDuration::from_millis(life * 800)).map_err(|_| unusable())?;
    Ok(Token { bearer, renew_at, serial })
}

/// No token, no call: nothing was done, and only the key's refusal is final.
fn not_done(error: TillError) -> TillError {
    match error {
        TillError::KeyRefused { .. } | TillError::RateLimited { .. } | TillError::Unreachable { .. } => error,
        TillError::Unclear { status: Some(status), .. } | TillError::Refused { status, .. } => {
            unreachable(&format!("no token: status {status}"))
        }
        TillError::Unclear { status: None, detail } => unreachable(&format!("no token: {detail}")),
        _ => unreachable("no token"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(status: u16, body: &str) -> Result<Token, TillError> {
        let headers = reqwest::header::HeaderMap::new();
        let answer = Answer { status, retry_after: None, headers, body: body.as_bytes().to_vec() };
        grant(&answer, Timestamp::UNIX_EPOCH, 1).map_err(not_done)
    }

    #[test]
    fn e44_a_token_is_renewed_at_four_fifths_of_its_life() {
        let token = granted(200, r#"{"access_token":"t","expires_in":3600}"#).unwrap();
        assert_eq!(token.renew_at, Timestamp::from_second(2880).unwrap());
        let text = granted(201, r#"{"access_token":"t","expires_in":"60"}"#).unwrap();
        assert_eq!(text.renew_at, Timestamp::from_second(48).unwrap());
        let unstated = granted(200, r#"{"access_token":"t"}"#).unwrap();
        assert_eq!(unstated.renew_at, Timestamp::from_second(2880).unwrap());
    }

    #[test]
    fn e45_a_refused_key_is_told_from_a_till_that_is_down() {
        for status in [400, 401, 403] {
            assert_eq!(granted(status, "").unwrap_err(), TillError::KeyRefused { status });
        }
        for status in [302, 404, 500, 503] {
            assert!(matches!(granted(status, "").unwrap_err(), TillError::Unreachable { .. }), "{status}");
        }
        assert!(matches!(granted(429, "").unwrap_err(), TillError::RateLimited { .. }));
    }

    #[test]
    fn a_token_that_is_none_is_never_sent() {
        for body in ["", "[]", "{}", r#"{"access_token":7}"#, r#"{"access_token":"a\nb"}"#] {
            assert!(matches!(granted(200, body).unwrap_err(), TillError::Unreachable { .. }), "{body}");
        }
    }

    #[test]
    fn debug_hides_tokens_and_keys() {
        let token = granted(200, r#"{"access_token":"very-secret","expires_in":3600}"#).unwrap();
        let tokens = Tokens::default();
        tokens.slot(&SecretString::from("key-secret"));
        assert!(!format!("{token:?} {tokens:?}").contains("secret"));
    }
}
