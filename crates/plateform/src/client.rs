//! The client itself: where the platform is, and how its addresses are built.

use app::ports::PlatformError;
use domain::{OrderId, TenantId};
use reqwest::{Url, redirect};
use std::time::Duration;

/// How long a call may take when nothing else is said.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(8);

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Connections idle for longer may have died while the sandbox was frozen.
const POOL_IDLE: Duration = Duration::from_secs(20);

/// Where the platform is and how long it may take.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address that every path of the contract is appended to, `https://…/integrations/v1`.
    pub base_url: String,
    /// The longest time of one call, the second try and the reading of the answer included.
    pub timeout: Duration,
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address is none that calls can be made to.
    #[error("the platform's base URL is not usable; write https://HOST/PATH without user, query and fragment")]
    BaseUrl,
    /// The HTTP client of this machine cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

/// Speaks to the platform. Cheap to clone; one per process, so that connections are used again.
#[derive(Debug, Clone)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    base: Url,
    pub(crate) timeout: Duration,
}

impl Client {
    /// Makes a client; nothing is sent.
    ///
    /// # Errors
    /// When the base URL is not an HTTP address or the machine has no TLS roots.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = base_url(&settings.base_url).ok_or(SettingsError::BaseUrl)?;
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(POOL_IDLE)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .user_agent(concat!("ponte/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(SettingsError::Http)?;
        Ok(Self { http, base, timeout: settings.timeout })
    }

    /// The address of something of a restaurant.
    pub(crate) fn restaurant_url(&self, tenant: &TenantId, rest: &[&str]) -> Result<Url, PlatformError> {
        let segments = ["restaurants", tenant.as_str()].into_iter().chain(rest.iter().copied());
        let mut url = self.base.clone();
        let mut path = url.path_segments_mut().map_err(|()| PlatformError::NotFound)?;
        path.pop_if_empty();
        for segment in segments {
            // An address would lose these two, and the call would reach something else. No id of the platform is such.
            if matches!(segment, "." | "..") {
                return Err(PlatformError::NotFound);
            }
            path.push(segment);
        }
        drop(path);
        Ok(url)
    }

    /// The address of something of an order.
    pub(crate) fn order_url(&self, tenant: &TenantId, order: &OrderId, rest: &[&str]) -> Result<Url, PlatformError> {
        self.restaurant_url(tenant, &[&["orders", order.as_str()], rest].concat())
    }
}

fn base_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let usable = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    usable.then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(base_url: &str) -> Result<Client, SettingsError> {
        Client::new(Settings { base_url: base_url.into(), timeout: DEFAULT_TIMEOUT })
    }

    fn path(order: &str) -> Result<String, PlatformError> {
        let client = client("https://platform.example.test/integrations/v1/").unwrap();
        let url = client.order_url(&TenantId::parse("rest-1").unwrap(), &OrderId::parse(order).unwrap(), &["till"])?;
        Ok(url.path().to_owned())
    }

    #[test]
    fn ids_are_encoded_so_that_none_leads_to_another_path() {
        assert_eq!(path("o-1").unwrap(), "/integrations/v1/restaurants/rest-1/orders/o-1/till");
        assert_eq!(
            path("a/../b?c=%2e").unwrap(),
            "/integrations/v1/restaurants/rest-1/orders/a%2F..%2Fb%3Fc=%252e/till"
        );
    }

    #[test]
    fn an_id_that_an_address_would_lose_is_not_found_without_a_call() {
        assert_eq!(path("..").unwrap_err(), PlatformError::NotFound);
        assert_eq!(path(".").unwrap_err(), PlatformError::NotFound);
    }

    #[test]
    fn a_base_url_with_credentials_or_query_or_of_another_scheme_is_refused() {
        for bad in ["", "platform", "ftp://a.test", "https://u:p@a.test", "https://a.test?x=1", "https://a.test#x"] {
            assert!(matches!(client(bad), Err(SettingsError::BaseUrl)), "{bad}");
        }
    }
}
