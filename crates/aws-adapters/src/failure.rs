//! How failures of the SDK become errors of the ports.

use app::ports::StoreError;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;

/// What the SDK said, without the raw response: that could hold an item.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Said(String);

/// The failure of a call, as something worth another try.
pub(crate) fn unavailable<E, R>(what: impl Into<String>, error: &SdkError<E, R>) -> StoreError
where
    E: Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug + 'static,
{
    let said = match error.as_service_error() {
        Some(service) => {
            format!("{}: {}", service.code().unwrap_or("no code"), service.message().unwrap_or("no message"))
        }
        None => chain(error),
    };
    StoreError::Unavailable { what: what.into(), source: Box::new(Said(said)) }
}

/// A failure that the SDK did not report as such.
pub(crate) fn refused(what: impl Into<String>, said: impl Into<String>) -> StoreError {
    StoreError::Unavailable { what: what.into(), source: Box::new(Said(said.into())) }
}

/// A record that an operator has to mend.
pub(crate) fn malformed(what: impl Into<String>, remedy: impl Into<String>) -> StoreError {
    StoreError::Malformed { what: what.into(), remedy: remedy.into() }
}

fn chain(error: &dyn Error) -> String {
    let mut said = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        said.push_str(": ");
        said.push_str(&error.to_string());
        inner = error.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::operation::get_item::GetItemError;

    #[test]
    fn a_timeout_is_unavailable_and_says_so() {
        let error: SdkError<GetItemError, ()> = SdkError::timeout_error("operation took longer than 8s");
        let told = unavailable("table ponte", &error);
        assert_eq!(told.to_string(), "table ponte is not available");
        assert!(told.source().unwrap().to_string().contains("8s"), "{told:?}");
    }

    #[tokio::test]
    async fn an_answer_that_cannot_be_read_is_not_shown() {
        let answer = serde_json::json!({"Item": {"email": {"S": 1, "canary": "canary@example.com"}}});
        let replay = crate::replay::Replay::new([(200, answer)]);
        let get = replay.aws().dynamodb.get_item().table_name("t").key("k", crate::attributes::s("v"));
        let error = get.send().await.unwrap_err();
        let told = unavailable("table t", &error);
        assert!(format!("{error:?}").contains("canary"), "the SDK's own error shows it");
        assert!(!format!("{told:?} {told}").contains("canary"), "{told:?}");
    }
}
