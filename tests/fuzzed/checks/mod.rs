//! What is fuzzed: for every target one function that takes any bytes and panics where the product breaks its word.
//!
//! The inputs are texts that a person can read: a head that says what arrives, then the JSON itself. `fuzz/` gives these
//! functions to libFuzzer, the tests beside them give them every seed. No check asks the product what is right: what is
//! expected is worked out here a second time.

mod answers;
mod messages;
mod money;
pub(crate) mod mutate;
mod notes;
mod platform_pages;
mod requests;
mod sign;
mod texts;
mod till_events;
mod till_pages;
mod world;

/// A target: its name, and what has to hold of any bytes.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: [Target; 6] = [
    ("webhook_request", requests::check),
    ("till_events", till_events::check),
    ("queue_messages", messages::check),
    ("till_pages", till_pages::check),
    ("platform_pages", platform_pages::check),
    ("notes", notes::check),
];

/// The check of this target.
pub(crate) fn check(target: &str, data: &[u8]) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).expect("a target of this list");
    check(data);
}

/// The first line and what follows it.
fn split_line(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(&data[..end]).ok()?;
    Some((line.trim_end_matches('\r'), &data[end + 1..]))
}

/// What a body says that the platform has signed.
#[cfg(test)]
pub(crate) fn platform_event(body: &[u8], zone: &jiff::tz::TimeZone) -> plateform::PlatformEvent {
    let (secret, now) = (world::DEMO.plateform_webhook_secret.as_str(), world::moment());
    let timestamp = now.as_second().to_string();
    let signature = sign::platform_part(&sign::platform(secret, "msg", &timestamp, body));
    let (id, timestamp, signature) = (Some("msg"), Some(timestamp.as_str()), Some(signature.as_str()));
    let raw = plateform::RawWebhook { id, timestamp, signature, body };
    let envelope = raw.verify(&[secret.into()], now).expect("a signature that holds").parse();
    envelope.and_then(|envelope| envelope.event(zone)).expect("an event of the contract")
}
