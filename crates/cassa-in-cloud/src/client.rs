//! The client: its settings, and how an authenticated call is made.

use crate::{
    auth::{Token, Tokens},
    call::{Answer, Call},
    catalogue::SalesModes,
    error::{classify, misshapen},
    http::Http,
};
use app::{
    orders::LONGEST_CREATION,
    ports::{Clock, SystemClock, TenantAccess, TillError, Work},
};
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};

/// Where the till is, and how long it is waited for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The API's address; default `https://api.cassanova.com`.
    pub base_url: String,
    /// How long a connection may take; default 2 s.
    pub connect_timeout: Duration,
    /// How long a read may take, connection and body included; default 8 s.
    pub read_timeout: Duration,
    /// How long a write may take, connection and body included; default [`LONGEST_CREATION`].
    pub write_timeout: Duration,
    /// How long an idle connection is kept; default 20 s.
    pub pool_idle: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "https://api.cassanova.com".to_owned(),
            connect_timeout: Duration::from_secs(2),
            read_timeout: Duration::from_secs(8),
            write_timeout: LONGEST_CREATION,
            pool_idle: Duration::from_secs(20),
        }
    }
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address is none.
    #[error(
        "the till's address is not an http or https address without query; write one such as https://api.cassanova.com"
    )]
    BaseUrl,
    /// The HTTP library could not start, most likely for want of TLS roots.
    #[error("the HTTP client cannot start")]
    Http(#[source] reqwest::Error),
}

/// A client of the till for all tenants, one per process; clones share their connections, tokens and lists.
#[derive(Clone)]
pub struct Client {
    http: Http,
    tokens: Arc<Tokens>,
    pub(crate) sales_modes: Arc<SalesModes>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("http", &self.http).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client on the machine's clock.
    ///
    /// # Errors
    /// When the address is none, or TLS cannot start.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        Self::with_clock(settings, Arc::new(SystemClock))
    }

    /// Makes a client on a given clock, which decides when tokens and cached lists are due.
    ///
    /// # Errors
    /// When the address is none, or TLS cannot start.
    pub fn with_clock(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, SettingsError> {
        let base = Url::parse(&settings.base_url).map_err(|_| SettingsError::BaseUrl)?;
        let plain = base.query().is_none() && base.fragment().is_none() && base.username().is_empty();
        if !plain || base.password().is_some() || !matches!(base.scheme(), "http" | "https") {
            return Err(SettingsError::BaseUrl);
        }
        let http = Http::new(settings, base).map_err(SettingsError::Http)?;
        Ok(Self { http, tokens: Arc::default(), sales_modes: Arc::default(), clock })
    }

    /// Makes a call with the tenant's token; on a 401 once more with a new one. Answers are successes.
    pub(crate) async fn call(&self, work: &Work, access: &TenantAccess, call: &Call<'_>) -> Result<Answer, TillError> {
        self.call_with(work, &access.api_key, call).await
    }

    /// The same for a key that no tenant has yet.
    async fn call_with(&self, work: &Work, key: &SecretString, call: &Call<'_>) -> Result<Answer, TillError> {
        let answer = self.any_answer(work, key, call).await?;
        match answer.status {
            200..=299 => Ok(answer),
            // Of a call that creates something, nobody knows what was done before the till gave up.
            503 if call.repeatable && answer.retry_after.is_some() => {
                Err(TillError::RateLimited { retry_after: answer.retry_after })
            }
            _ => Err(classify(&answer)),
        }
    }

    /// The same, whatever the answer is.
    pub(crate) async fn any_answer(
        &self,
        work: &Work,
        key: &SecretString,
        call: &Call<'_>,
    ) -> Result<Answer, TillError> {
        let token = self.token(work, key).await?;
        let answer = self.http.send(work, call, Some(&token.bearer), self.clock.now()).await?;
        if answer.status != 401 {
            return Ok(answer);
        }
        self.tokens.drop_refused(key, &token).await;
        let token = self.token(work, key).await?;
        self.http.send(work, call, Some(&token.bearer), self.clock.now()).await
    }

    /// A call whose answer is a JSON object, the documented envelope of everything.
    pub(crate) async fn object(
        &self,
        work: &Work,
        access: &TenantAccess,
        call: &Call<'_>,
    ) -> Result<(u16, Map<String, Value>), TillError> {
        self.object_with(work, &access.api_key, call).await
    }

    /// The same for a key that no tenant has yet.
    pub(crate) async fn object_with(
        &self,
        work: &Work,
        key: &SecretString,
        call: &Call<'_>,
    ) -> Result<(u16, Map<String, Value>), TillError> {
        let answer = self.call_with(work, key, call).await?;
        match serde_json::from_slice(&answer.body) {
            Ok(Value::Object(object)) => Ok((answer.status, object)),
            Ok(_) => Err(misshapen(answer.status, "not an object")),
            Err(_) => Err(misshapen(answer.status, "not JSON")),
        }
    }

    async fn token(&self, work: &Work, key: &SecretString) -> Result<Token, TillError> {
        let fetch = async {
            let body = json!({ "apiKey": key.expose_secret() }).to_string();
            let call = Call { repeatable: true, ..Call::write(Method::POST, &["apikey", "token"], body) };
            self.http.send(work, &call, None, self.clock.now()).await
        };
        self.tokens.get(work, key, &*self.clock, fetch).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_is_told_at_once() {
        for base_url in
            ["", "api.example.test", "ftp://example.test", "https://u:p@example.test", "https://example.test?x"]
        {
            let settings = Settings { base_url: base_url.to_owned(), ..Settings::default() };
            assert!(matches!(Client::new(&settings), Err(SettingsError::BaseUrl)), "{base_url}");
        }
        assert!(Client::new(&Settings::default()).is_ok());
    }

    #[test]
    fn no_write_outlives_what_leases_are_derived_from() {
        let settings = Settings::default();
        assert!(settings.write_timeout <= LONGEST_CREATION && settings.read_timeout <= LONGEST_CREATION);
    }
}
