//! The exact body of a creation, deflated: it is stored with the intent and must fit the order's small item.

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::io::{Read, Write};

/// The till refuses anything larger (API sheet 1.2), so nothing larger is ever unpacked.
const LARGEST: u64 = 102_400;

/// A request body, kept as it is and stored small. Holds personal data: it has no `Debug` of its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Body(String);

impl Body {
    /// Keeps a body.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The body, to the byte.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(self.0.as_bytes()).and_then(|()| encoder.finish());
        serializer.serialize_str(&STANDARD.encode(packed.map_err(serde::ser::Error::custom)?))
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let packed = STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)?;
        let mut text = String::new();
        ZlibDecoder::new(packed.as_slice()).take(LARGEST).read_to_string(&mut text).map_err(D::Error::custom)?;
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_body_comes_back_to_the_byte(text in ".{0,2000}") {
            let stored = serde_json::to_string(&Body::new(text.clone())).unwrap();
            prop_assert_eq!(serde_json::from_str::<Body>(&stored).unwrap(), Body::new(text));
        }
    }

    #[test]
    fn what_is_not_a_packed_body_is_an_error() {
        assert!(serde_json::from_str::<Body>("\"%%\"").is_err());
        assert!(serde_json::from_str::<Body>("\"AAAA\"").is_err());
    }

    #[test]
    fn e62_a_body_never_shows_itself_in_a_log() {
        assert_eq!(format!("{:?}", Body::new("Cliente Prova".into())), "Body(13 bytes)");
    }

    #[test]
    fn a_body_is_sent_as_it_was_made() {
        assert_eq!(Body::new("{\"create\":[]}".into()).as_str(), "{\"create\":[]}");
    }
}
