//! One request to the till and its whole answer, within a time and a size.
//!
//! The invariant: `Unreachable` is answered only where the request cannot have left; everything else that ends without
//! an answer is `Unclear`. Errors of the HTTP library are never shown, since they hold the address with its query.

use crate::{
    call::{Answer, Call},
    client::Settings,
};
use app::ports::{TillError, Work, asked_wait};
use jiff::Timestamp;
use reqwest::{
    Method, RequestBuilder, Response, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
};
use std::time::Duration;

/// The version of the till's API that this crate speaks.
const API_VERSION: &str = "1.0.0";

/// How a request ended without an answer.
enum Failure {
    /// No connection: it never left.
    Connect,
    /// The connection broke before an answer began.
    Broken,
    /// Nobody knows; trying again at once makes no sense.
    Unclear { status: Option<u16>, what: &'static str },
}

/// The connections to the till.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    base: Url,
    read_timeout: Duration,
    write_timeout: Duration,
}

impl Http {
    pub(crate) fn new(settings: &Settings, base: Url) -> Result<Self, reqwest::Error> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("ponte/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(settings.pool_idle)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false);
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        let (read_timeout, write_timeout) = (settings.read_timeout, settings.write_timeout);
        Ok(Self { client: builder.build()?, base, read_timeout, write_timeout })
    }

    /// Sends `call`, again once if it is repeatable and the connection broke (a pooled one that the till had closed).
    pub(crate) async fn send(
        &self,
        work: &Work,
        call: &Call<'_>,
        bearer: Option<&HeaderValue>,
        now: Timestamp,
    ) -> Result<Answer, TillError> {
        let mut outcome = self.send_once(work, call, bearer, now).await?;
        if call.repeatable && matches!(outcome, Err(Failure::Connect | Failure::Broken)) {
            outcome = self.send_once(work, call, bearer, now).await?;
        }
        outcome.map_err(|failure| match failure {
            Failure::Connect => unreachable("no connection"),
            Failure::Broken => unclear(None, "the connection broke"),
            Failure::Unclear { status, what } => unclear(status, what),
        })
    }

    /// The inner result is of a request that was tried; the outer one is of a request that was never made.
    async fn send_once(
        &self,
        work: &Work,
        call: &Call<'_>,
        bearer: Option<&HeaderValue>,
        now: Timestamp,
    ) -> Result<Result<Answer, Failure>, TillError> {
        let is_read = call.method == Method::GET;
        let budget = work.budget(if is_read { self.read_timeout } else { self.write_timeout });
        if budget.is_zero() {
            return Err(unreachable("no time left"));
        }
        let request = self.request(call, bearer, &work.correlation)?.timeout(budget);
        let started = std::time::Instant::now();
        let outcome = exchange(request, call.max, now).await;
        tracing::debug!(
            till.method = %call.method,
            till.resource = call.path.first().copied().unwrap_or_default(),
            http.status = outcome.as_ref().map_or(0, |answer| answer.status),
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "till called"
        );
        Ok(outcome)
    }

    fn request(
        &self,
        call: &Call<'_>,
        bearer: Option<&HeaderValue>,
        correlation: &str,
    ) -> Result<RequestBuilder, TillError> {
        let url = self.url(call)?;
        let mut headers = HeaderMap::new();
        headers.insert("x-version", HeaderValue::from_static(API_VERSION));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if call.method != Method::GET {
            headers.insert("x-requested-with", HeaderValue::from_static("*"));
        }
        if let Some(bearer) = bearer {
            headers.insert(AUTHORIZATION, bearer.clone());
        }
        if let Ok(correlation) = HeaderValue::from_str(correlation) {
            headers.insert("x-correlation-id", correlation);
        }
        let request = self.client.request(call.method.clone(), url).headers(headers);
        Ok(match &call.body {
            Some(body) => request.body(body.clone()),
            None => request,
        })
    }

    fn url(&self, call: &Call<'_>) -> Result<Url, TillError> {
        // Such a segment would be dropped from the path and another resource asked.
        if call.path.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(TillError::InvalidId { detail: "not an id".to_owned() });
        }
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(call.path);
        }
        if !call.query.as_str().is_empty() {
            url.set_query(Some(call.query.as_str()));
        }
        Ok(url)
    }
}

async fn exchange(request: RequestBuilder, max: usize, now: Timestamp) -> Result<Answer, Failure> {
    let response = request.send().await.map_err(|error| match () {
        () if error.is_connect() => Failure::Connect,
        () if error.is_timeout() => Failure::Unclear { status: None, what: "no answer in time" },
        () => Failure::Broken,
    })?;
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| asked_wait(value.to_str().ok()?, now));
    let headers = response.headers().clone();
    let body = read(response, max).await.map_err(|what| Failure::Unclear { status: Some(status), what })?;
    Ok(Answer { status, retry_after, headers, body })
}

async fn read(mut response: Response, max: usize) -> Result<Vec<u8>, &'static str> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > max => return Err("the answer is too long"),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) if error.is_timeout() => return Err("no whole answer in time"),
            Err(_) => return Err("the answer was cut off"),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Nothing was done.
pub(crate) fn unreachable(what: &str) -> TillError {
    TillError::Unreachable { detail: what.to_owned() }
}

fn unclear(status: Option<u16>, what: &str) -> TillError {
    TillError::Unclear { status, detail: what.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        let loopback = |url: &str| is_loopback(&Url::parse(url).unwrap());
        assert!(loopback("http://127.0.0.1:80") && loopback("http://[::1]") && loopback("http://localhost"));
        assert!(!loopback("https://api.example.test"));
    }
}
