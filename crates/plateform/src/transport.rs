//! One call: deadline, headers, one second try after a lost connection, size cap.

use crate::{Client, error};
use app::ports::{PlatformAccess, PlatformError, Work, asked_wait};
use domain::TenantId;
use jiff::{Timestamp, fmt::rfc2822};
use reqwest::{
    Method, RequestBuilder, Response, StatusCode, Url,
    header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};
use secrecy::ExposeSecret;
use serde::{Serialize, de::DeserializeOwned};

/// Ties the platform's traces to ours.
const CORRELATION: HeaderName = HeaderName::from_static("x-correlation-id");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The most that an answer may weigh; a page of 200 dishes with five translations stays well below.
const MAX_ANSWER: usize = 8 << 20;

/// Lengths of a key that the contract allows.
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

/// Who calls: the same three for every call of a piece of work.
#[derive(Clone, Copy)]
pub(crate) struct Caller<'a> {
    pub(crate) work: &'a Work,
    pub(crate) access: &'a PlatformAccess,
    pub(crate) tenant: &'a TenantId,
}

/// A write: its key and its exact bytes are the same in every try.
pub(crate) struct Write {
    method: Method,
    url: Url,
    key: HeaderValue,
    body: Vec<u8>,
}

impl Write {
    pub(crate) fn new<T: Serialize>(method: Method, url: Url, key: &str, body: &T) -> Result<Self, PlatformError> {
        let key = HeaderValue::from_str(key).ok().filter(|key| KEY_LENGTH.contains(&key.len()));
        let key = key.ok_or_else(|| error::ours("idempotency_key"))?;
        let body = serde_json::to_vec(body).map_err(|_| error::ours("body"))?;
        Ok(Self { method, url, key, body })
    }

    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }
}

impl Client {
    /// Reads something of the platform.
    pub(crate) async fn read<T: DeserializeOwned>(&self, caller: Caller<'_>, url: Url) -> Result<T, PlatformError> {
        let request = || self.http.get(url.clone());
        error::parse(&self.call(caller, request).await?.1)
    }

    /// What the platform's clock says in the answer to a reading; none if it does not tell.
    pub(crate) async fn date(&self, caller: Caller<'_>, url: Url) -> Result<Option<Timestamp>, PlatformError> {
        let (headers, _) = self.call(caller, || self.http.get(url.clone())).await?;
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        Ok(date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok()))
    }

    /// Writes something, and reads the answer where there is one.
    pub(crate) async fn write(&self, caller: Caller<'_>, write: Write) -> Result<Vec<u8>, PlatformError> {
        let request = || {
            self.http
                .request(write.method.clone(), write.url.clone())
                .header(IDEMPOTENCY_KEY, write.key.clone())
                .header(CONTENT_TYPE, "application/json")
                .body(write.body.clone())
        };
        Ok(self.call(caller, request).await?.1)
    }

    async fn call(
        &self,
        caller: Caller<'_>,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<(HeaderMap, Vec<u8>), PlatformError> {
        let Caller { work, access, .. } = caller;
        let signed = || {
            let request = request().bearer_auth(access.api_token.expose_secret());
            match HeaderValue::from_str(&work.correlation) {
                Ok(id) => request.header(CORRELATION, id),
                Err(_) => request,
            }
        };
        let budget = work.budget(self.timeout);
        if budget.is_zero() {
            return Err(error::unavailable(None, "deadline"));
        }
        let exchange = async { answer(send(signed).await?).await };
        tokio::time::timeout(budget, exchange).await.unwrap_or_else(|_| Err(error::unavailable(None, "timeout")))
    }
}

/// Sends, and once more if the connection was lost before an answer: reads are harmless, writes carry their key.
async fn send(request: impl Fn() -> RequestBuilder) -> Result<Response, PlatformError> {
    match request().send().await {
        Err(error) if error.is_connect() || error.is_request() => request().send().await,
        outcome => outcome,
    }
    .map_err(|error| error::transport(&error))
}

async fn answer(response: Response) -> Result<(HeaderMap, Vec<u8>), PlatformError> {
    let status = response.status();
    let headers = response.headers().clone();
    let retry_after = headers.get(RETRY_AFTER).and_then(|value| asked_wait(value.to_str().ok()?, Timestamp::now()));
    match (status.is_success(), body(response, status).await) {
        (true, body) => Ok((headers, body?)),
        (false, body) => Err(error::problem(status, retry_after, &body.unwrap_or_default())),
    }
}

async fn body(mut response: Response, status: StatusCode) -> Result<Vec<u8>, PlatformError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(part)) if body.len() + part.len() <= MAX_ANSWER => body.extend_from_slice(&part),
            Ok(Some(_)) => return Err(error::unavailable(Some(status), "too_large")),
            Ok(None) => return Ok(body),
            Err(_) => return Err(error::unavailable(Some(status), "truncated")),
        }
    }
}
