//! Why a control call was refused.

/// A refusal of a control call, the same over HTTP (404, 409, 422) and in the library.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The restaurant, order or row does not exist.
    #[error("not found: {0}")]
    NotFound(String),
    /// The thing exists and its state forbids the act.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The request cannot be understood.
    #[error("invalid: {0}")]
    Invalid(String),
}
