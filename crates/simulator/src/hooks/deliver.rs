//! Sending: first try and retries, every attempt recorded with its answer.

use super::{Attempt, DeliveryState, outbox::Outgoing};
use crate::{clock, config::Config, world::World};
use std::time::{Duration, Instant};

/// How much of an answer is kept.
const KEPT_ANSWER: usize = 500;

impl World {
    /// Tries one webhook until it is answered with 2xx or the retries are used up.
    pub(crate) async fn deliver(&self, id: u64) {
        for number in 1.. {
            let (config, outgoing) = {
                let state = self.lock();
                (state.config.clone(), state.outbox.outgoing(id, clock::now()))
            };
            let Some(outgoing) = outgoing else { return };
            let Some(url) = target(&config, &outgoing.path) else {
                return self.lock().outbox.settle(id, DeliveryState::NoBridge);
            };
            let attempt = self.attempt(number, &url, &config, outgoing).await;
            let delivered = attempt.status.is_some_and(|status| (200..300).contains(&status));
            self.lock().outbox.note(id, attempt);
            if delivered {
                return self.lock().outbox.settle(id, DeliveryState::Delivered);
            }
            if number > config.max_retries {
                return self.lock().outbox.settle(id, DeliveryState::Failed);
            }
            tokio::time::sleep(Duration::from_millis(config.retry_gap_ms)).await;
        }
    }

    async fn attempt(&self, number: u32, url: &str, config: &Config, outgoing: Outgoing) -> Attempt {
        let (at, began) = (clock::now(), Instant::now());
        let mut request = self.http.post(url).header("content-type", "application/json");
        if let Some(host) = &config.bridge_host {
            request = request.header("host", host);
        }
        for (name, value) in &outgoing.headers {
            request = request.header(*name, value);
        }
        let timeout = Duration::from_millis(config.webhook_timeout_ms);
        let (status, answer, error) = match request.timeout(timeout).body(outgoing.bytes).send().await {
            Ok(response) => {
                let status = response.status().as_u16();
                let text = response.text().await.unwrap_or_default();
                (Some(status), text.chars().take(KEPT_ANSWER).collect(), None)
            }
            Err(error) => (None, String::new(), Some(error.to_string())),
        };
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        Attempt { number, at, status, answer, error, duration_ms }
    }
}

/// Where a webhook goes; with a `Host` of its own the connection is made to 127.0.0.1.
fn target(config: &Config, path: &str) -> Option<String> {
    let base = config.bridge_url.as_deref()?.trim_end_matches('/');
    if config.bridge_host.is_none() {
        return Some(format!("{base}{path}"));
    }
    let (scheme, rest) = base.split_once("://")?;
    let (authority, below) =
        rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
    let port = authority.rsplit_once(':').map_or(String::new(), |(_, port)| format!(":{port}"));
    Some(format!("{scheme}://127.0.0.1{port}{below}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bridge_with_its_own_host_is_reached_on_the_loopback() {
        let config = Config {
            bridge_url: Some("http://abc.execute-api.localhost:4566/".into()),
            bridge_host: Some("abc.execute-api.localhost:4566".into()),
            ..Config::default()
        };
        let url = target(&config, "/webhooks/plateform");
        assert_eq!(url.as_deref(), Some("http://127.0.0.1:4566/webhooks/plateform"));
    }
}
