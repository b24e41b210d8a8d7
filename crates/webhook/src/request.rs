//! From an API Gateway event to what the function looks at. Nothing that a sender can write makes it panic.

use crate::{Answer, LARGEST_BODY, Refused, Webhook};
use app::ports::{Clock, OrderQueue, SyncQueue, Tenants};
use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::{
    aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    http::HeaderMap,
};

/// One HTTP request, its body still as API Gateway gave it.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path, without query.
    pub path: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body as text.
    pub body: &'a str,
    /// Whether the text is base64 of the body.
    pub is_base64: bool,
    /// The id that ties the traces together.
    pub correlation: &'a str,
}

impl Request<'_> {
    /// A header; one that is not text is absent.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The raw bytes that the sender signed.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Refused> {
        let longest = if self.is_base64 { LARGEST_BODY.div_ceil(3) * 4 } else { LARGEST_BODY };
        if self.body.len() > longest {
            return Err(Refused::TooLarge);
        }
        let bytes = match self.is_base64 {
            true => STANDARD.decode(self.body).map_err(|_| Refused::NotBase64)?,
            false => self.body.as_bytes().to_vec(),
        };
        match bytes.len() > LARGEST_BODY {
            true => Err(Refused::TooLarge),
            false => Ok(bytes),
        }
    }
}

/// Answers one API Gateway event.
///
/// The event is read as it is: as a request of `lambda_http` it would panic on bad base64, and on a query or a host
/// that no URL can have.
pub async fn answer_event<N: Tenants, O: OrderQueue, S: SyncQueue, C: Clock>(
    webhook: &Webhook<N, O, S, C>,
    event: ApiGatewayV2httpRequest,
    request_id: &str,
) -> ApiGatewayV2httpResponse {
    let request = Request {
        method: event.request_context.http.method.as_str(),
        path: event.raw_path.as_deref().unwrap_or_default(),
        headers: &event.headers,
        body: event.body.as_deref().unwrap_or_default(),
        is_base64: event.is_base64_encoded,
        correlation: request_id,
    };
    let answer: Answer = webhook.answer(&request).await;
    answer.into_response(request.method != "HEAD")
}
