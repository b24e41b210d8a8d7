//! Reads variables and collects what is wrong with them.

use super::ConfigError;
use http::Uri;
use std::fmt;

/// One variable of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    pub(super) example: &'static str,
}

/// The variables and what was wrong with those read so far.
pub(super) struct Reader<'a> {
    read: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(read: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { read, problems: Vec::new() }
    }

    pub(super) fn finish<T>(self, config: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() { Ok(config) } else { Err(ConfigError { problems: self.problems }) }
    }

    /// The value; an empty one is absent.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        (self.read)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Whether the value is exactly `true`.
    pub(super) fn is_true(&self, name: &str) -> bool {
        (self.read)(name).as_deref() == Some("true")
    }

    fn wrong(&mut self, variable: Variable, fault: impl fmt::Display) {
        let Variable { name, meaning, example } = variable;
        self.problems.push(format!("{name} {fault} ({meaning}, for example {example})"));
    }

    pub(super) fn required(&mut self, variable: Variable) -> String {
        self.get(variable.name).unwrap_or_else(|| {
            self.wrong(variable, "is missing");
            String::new()
        })
    }

    pub(super) fn queue(&mut self, variable: Variable) -> String {
        let url = self.required(variable);
        if !url.is_empty() && parse(&url).is_none() {
            self.wrong(variable, "is no URL");
        }
        url
    }

    pub(super) fn base_url(&mut self, variable: Variable, default: Option<&str>) -> String {
        let given = self.get(variable.name).or_else(|| default.map(str::to_owned));
        let url = given.unwrap_or_else(|| self.required(variable)).trim_end_matches('/').to_owned();
        if let Some(fault) = (!url.is_empty()).then(|| base_url_fault(&url)).flatten() {
            self.wrong(variable, fault);
        }
        url
    }
}

fn parse(url: &str) -> Option<Uri> {
    let uri: Uri = url.parse().ok()?;
    (matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty()))
        .then_some(uri)
}

/// What is wrong with a base URL: secrets and personal data travel to it.
fn base_url_fault(url: &str) -> Option<&'static str> {
    let Some(uri) = parse(url) else {
        return Some("is no URL");
    };
    if url.contains(['?', '#', '@']) {
        return Some("has more than scheme, host, port and path");
    }
    let local = uri.scheme_str() == Some("https") || uri.host().is_some_and(is_loopback);
    (!local).then_some("must begin with https:// unless it is on this machine")
}

/// Every name under `localhost` is this machine too (RFC 6761).
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
