//! Identifiers of both parties. Each is its own type, so that a till id can never stand where a platform id is due.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is empty.
    #[error("{kind} is empty")]
    Empty {
        /// Which identifier it was meant to be.
        kind: &'static str,
    },
    /// The text is longer than either party ever sends.
    #[error("{kind} is longer than {max} bytes")]
    TooLong {
        /// Which identifier it was meant to be.
        kind: &'static str,
        /// The longest accepted length in bytes.
        max: usize,
    },
    /// Anything but visible ASCII, or a `#`, which Ponte's own keys use as separator. Ids become header values, paths
    /// and message groups, and neither party has ever shown another form.
    #[error("{kind} has a character other than visible ASCII, or a '#'")]
    BadCharacter {
        /// Which identifier it was meant to be.
        kind: &'static str,
    },
}

fn check(kind: &'static str, max: usize, text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty { kind });
    }
    if text.len() > max {
        return Err(IdError::TooLong { kind, max });
    }
    if text.bytes().any(|b| !b.is_ascii_graphic() || b == b'#') {
        return Err(IdError::BadCharacter { kind });
    }
    Ok(())
}

macro_rules! text_id {
    ($(#[doc = $doc:literal] $name:ident, $kind:literal, $max:literal;)*) => {$(
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text as this identifier.
            ///
            /// # Errors
            /// When it is empty, too long, or has a character that no identifier of either party has.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check($kind, $max, text)?;
                Ok(Self(text.to_owned()))
            }

            /// The identifier as the parties write it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                check($kind, $max, &text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

text_id! {
    /// A Plateform restaurant joined to one sales point of the till.
    TenantId, "tenant id", 64;
    /// An order as Plateform names it; the till knows it as `externalId`.
    OrderId, "order id", 64;
    /// A customer as Plateform names it.
    CustomerId, "customer id", 64;
    /// An order as the till names it.
    TillOrderId, "till order id", 128;
    /// A customer as the till names it.
    TillCustomerId, "till customer id", 128;
    /// A product of the till; the platform knows it as the dish's `externalId`.
    ProductId, "product id", 128;
    /// A variant of a till product, the technical one of simple products included (API sheet 3.2).
    VariantId, "variant id", 128;
    /// A department of the till (printer and tax).
    DepartmentId, "department id", 128;
    /// A tax rate of the till.
    TaxId, "tax id", 128;
    /// A sales mode of the till: a price list.
    SalesModeId, "sales mode id", 128;
    /// An option of the till: a group of additions or removals.
    OptionId, "option id", 128;
    /// One value of an option of the till.
    OptionValueId, "option value id", 128;
}

/// A sales point of the till: a number of four or five digits (API sheet section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SalesPointId(pub i64);

impl fmt::Display for SalesPointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_begins_like_a_key_of_ours_is_never_a_tenant() {
        assert_eq!(TenantId::parse("#plateform"), Err(IdError::BadCharacter { kind: "tenant id" }));
    }

    #[test]
    fn an_id_is_neither_empty_nor_endless_nor_with_control_characters() {
        assert!(OrderId::parse("").is_err());
        assert!(OrderId::parse(&"a".repeat(64)).is_ok());
        assert!(OrderId::parse(&"a".repeat(65)).is_err());
        assert!(OrderId::parse("a\u{0}b").is_err());
        assert!(OrderId::parse("a b").is_err());
        assert!(OrderId::parse("caffè").is_err());
        assert_eq!(OrderId::parse("plt-order-1001").map(String::from), Ok("plt-order-1001".to_owned()));
    }

    #[test]
    fn a_bad_id_inside_json_is_an_error_and_not_a_value() {
        assert!(serde_json::from_str::<OrderId>("\"\"").is_err());
    }

    #[test]
    fn a_sales_point_is_written_as_its_number() {
        assert_eq!(SalesPointId(90101).to_string(), "90101");
    }
}
