//! Events of the HTTP API, payload format 2.0, as API Gateway hands them to the webhook function.

use super::sign;
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};
use simulator::RestaurantSpec;

const HOST: &str = "ponte0demo.execute-api.eu-south-1.amazonaws.com";

/// The moment at which every event happened; the platform's signatures hold around it.
pub(crate) fn moment() -> Timestamp {
    "2026-11-24T18:00:00Z".parse().unwrap()
}

/// A request, as much of it as differs from event to event.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    /// The route in the template.
    pub(crate) route: &'a str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'a str, String)>,
    pub(crate) body: Option<String>,
    pub(crate) is_base64: bool,
}

impl Call<'_> {
    pub(crate) fn event(self) -> Value {
        let mut headers = json!({
            "accept": "*/*",
            "content-length": self.body.as_ref().map_or(0, String::len).to_string(),
            "content-type": "application/json",
            "host": HOST,
            "user-agent": "events/1",
            "x-forwarded-for": "192.0.2.10",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        });
        for (name, value) in self.headers {
            headers[name] = value.into();
        }
        let route = format!("{} {}", self.method, self.route);
        let mut event = json!({
            "version": "2.0",
            "routeKey": route,
            "rawPath": self.path,
            "rawQueryString": "",
            "headers": headers,
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "ponte0demo",
                "domainName": HOST,
                "domainPrefix": "ponte0demo",
                "http": {
                    "method": self.method, "path": self.path, "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.10", "userAgent": "events/1",
                },
                "requestId": "request-of-a-file",
                "routeKey": route,
                "stage": "$default",
                "time": moment().strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
                "timeEpoch": moment().as_millisecond(),
            },
            "isBase64Encoded": self.is_base64,
        });
        if let Some(body) = self.body {
            event["body"] = body.into();
        }
        if let Some(tenant) = self.path.strip_prefix("/webhooks/cic/") {
            event["pathParameters"] = json!({"tenant": tenant});
        }
        event
    }
}

/// A webhook of the till, genuine unless something is changed.
pub(crate) struct TillCall {
    pub(crate) tenant: String,
    pub(crate) operation: Option<&'static str>,
    pub(crate) secret: Option<String>,
    pub(crate) body: String,
    pub(crate) is_base64: bool,
}

impl TillCall {
    pub(crate) fn new(operation: &'static str, body: impl Into<String>) -> Self {
        let demo = RestaurantSpec::demo();
        let entity = operation.split('/').next().unwrap_or_default();
        Self {
            secret: Some(demo.secret_of(entity).to_owned()),
            tenant: demo.restaurant_id,
            operation: Some(operation),
            body: body.into(),
            is_base64: false,
        }
    }

    pub(crate) fn event(self) -> Value {
        let mut headers = Vec::new();
        headers.extend(self.operation.map(|operation| ("x-cn-operation", operation.to_owned())));
        headers.extend(self.secret.map(|secret| ("x-cn-signature", sign::till(&secret, &self.body))));
        let body = if self.is_base64 { STANDARD.encode(&self.body) } else { self.body };
        let path = format!("/webhooks/cic/{}", self.tenant);
        let route = "/webhooks/cic/{tenant}";
        Call { method: "POST", route, path, headers, body: Some(body), is_base64: self.is_base64 }.event()
    }
}

/// A webhook of the platform, genuine unless something is changed.
pub(crate) struct PlatformCall {
    pub(crate) id: &'static str,
    pub(crate) sent: Timestamp,
    /// One signature for each.
    pub(crate) secrets: Vec<String>,
    pub(crate) body: Value,
}

impl PlatformCall {
    pub(crate) fn new(id: &'static str, body: Value) -> Self {
        Self { id, sent: moment(), secrets: vec![RestaurantSpec::demo().plateform_webhook_secret], body }
    }

    pub(crate) fn event(self) -> Value {
        let (body, timestamp) = (self.body.to_string(), self.sent.as_second().to_string());
        let signed = self.secrets.iter().map(|secret| sign::platform(secret, self.id, &timestamp, &body));
        let headers = vec![
            ("webhook-id", self.id.to_owned()),
            ("webhook-signature", signed.collect::<Vec<_>>().join(" ")),
            ("webhook-timestamp", timestamp),
        ];
        let (route, path) = ("/webhooks/plateform", "/webhooks/plateform".to_owned());
        Call { method: "POST", route, path, headers, body: Some(body), is_base64: false }.event()
    }
}

/// A request without a body.
pub(crate) fn read(method: &str, route: &str, path: &str) -> Value {
    Call { method, route, path: path.to_owned(), headers: Vec::new(), body: None, is_base64: false }.event()
}
