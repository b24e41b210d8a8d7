//! Whether the till calls: what it pushed against what only polling found, and what its portal says of its webhooks.
//!
//! A change that polling finds may only have been faster than its webhook, so one is no sign; several in a row without a
//! single call between them are.

use super::{CheckId, Lang, Portal, texts};
use crate::{
    lifecycle::Heard,
    menu::{Check, Finding, digest},
};
use serde::{Deserialize, Serialize};

/// So many changes in a row that polling found and the till did not push make it silent.
pub const SILENT_AFTER: u32 = 3;

/// What is known of a tenant's webhooks at the till, kept between two cycles: a few dozen bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pushes {
    /// Up to where news have been counted, in milliseconds since the epoch.
    pub until_ms: i64,
    /// When the till last called with news, in milliseconds since the epoch.
    pub pushed_ms: Option<i64>,
    /// How many changes in a row were found by polling and not pushed.
    pub unpushed: u32,
    /// What the till's portal said when it was last asked.
    #[serde(skip_serializing_if = "Portal::is_in_order")]
    pub portal: Portal,
    /// A digest of what the restaurant was last told of it; none if there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<u64>,
}

impl Pushes {
    /// Counts how news came; what was counted before is not counted again. Whoever calls is neither silent nor paused.
    pub fn hear(&mut self, heard: &[Heard]) {
        let mut news: Vec<&Heard> = heard.iter().filter(|Heard(at, _)| *at > self.until_ms).collect();
        news.sort_by_key(|Heard(at, _)| *at);
        for Heard(at, pushed) in news {
            self.until_ms = *at;
            if *pushed {
                self.pushed_ms = Some(*at);
                self.unpushed = 0;
                self.portal.contradict_orders();
            } else {
                self.unpushed = self.unpushed.saturating_add(1);
            }
        }
    }

    /// Whether the till no longer calls.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.unpushed >= SILENT_AFTER
    }

    /// What the restaurant is told. That a webhook is missing is only a warning: the portal's list may be read wrongly,
    /// as long as nothing else shows it.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let remedy = texts::remedy(CheckId::Webhooks, Lang::It);
        let silent = self.is_silent().then(|| {
            let message =
                "La cassa non avvisa più delle modifiche agli ordini: arrivano con un ritardo di circa un minuto";
            Finding::error(Check::Webhook, "", message.to_owned(), remedy)
        });
        let paused = self.portal.paused.iter().map(|event| {
            let message =
                format!("Il webhook {event} della cassa è in pausa: gli ordini si aggiornano con un minuto di ritardo");
            match event.starts_with("ORDER") {
                true => Finding::error(Check::Webhook, event, message, remedy),
                false => Finding::warning(Check::Webhook, event, message, remedy),
            }
        });
        let missing = self.portal.missing.iter().map(|event| {
            let message = format!(
                "Sulla cassa non risulta il webhook {event}: gli ordini si aggiornano con un minuto di ritardo"
            );
            Finding::warning(Check::Webhook, event, message, remedy)
        });
        silent.into_iter().chain(paused).chain(missing).collect()
    }

    /// The digest of what is to be told; none if there is nothing.
    #[must_use]
    pub fn to_tell(&self) -> Option<u64> {
        let findings = self.findings();
        (!findings.is_empty()).then(|| digest(&serde_json::json!(findings).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::Level;

    fn polled(at: i64) -> Heard {
        Heard(at, false)
    }

    fn levels(pushes: &Pushes) -> Vec<Level> {
        pushes.findings().into_iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn e10_a_few_changes_in_a_row_that_nobody_pushed_are_told_and_a_single_one_is_not() {
        let mut pushes = Pushes::default();
        for at in [10, 20] {
            pushes.hear(&[polled(at)]);
        }
        assert_eq!((pushes.unpushed, pushes.is_silent(), pushes.to_tell()), (2, false, None));
        pushes.hear(&[polled(30)]);
        assert!(pushes.is_silent() && levels(&pushes) == [Level::Error]);
        assert!(pushes.findings()[0].remedy.contains("WebHooks"));
    }

    #[test]
    fn e10_a_call_between_them_begins_the_count_anew_and_takes_back_what_was_told() {
        let mut pushes = Pushes::default();
        pushes.hear(&[polled(40), polled(10), Heard(25, true), polled(30)]);
        assert_eq!((pushes.unpushed, pushes.pushed_ms), (2, Some(25)), "by time, in whatever order they are read");
        pushes.hear(&[polled(50)]);
        assert!(pushes.is_silent());
        pushes.hear(&[Heard(60, true)]);
        assert_eq!((pushes.is_silent(), pushes.to_tell()), (false, None));
    }

    #[test]
    fn e10_what_was_counted_is_not_counted_again_by_the_next_cycle() {
        let mut pushes = Pushes::default();
        for _ in 0..5 {
            pushes.hear(&[polled(10), polled(20)]);
        }
        assert_eq!(pushes.unpushed, 2);
    }

    #[test]
    fn dr10_a_paused_webhook_of_orders_is_an_error_until_it_calls_and_a_missing_one_a_warning() {
        let events = |events: &[&str]| events.iter().map(|event| (*event).to_owned()).collect();
        let portal = Portal { paused: events(&["ORDER/EDIT", "RECEIPT/CREATE"]), missing: events(&["ORDER/DELETE"]) };
        let mut pushes = Pushes { portal, ..Pushes::default() };
        assert_eq!(levels(&pushes), [Level::Error, Level::Warning, Level::Warning]);
        pushes.hear(&[Heard(10, true)]);
        assert_eq!(
            pushes.findings().iter().map(|finding| finding.subject.as_str()).collect::<Vec<_>>(),
            ["RECEIPT/CREATE"]
        );
    }

    #[test]
    fn e61_what_an_older_version_kept_says_nothing_of_it_and_what_is_usual_takes_few_bytes() {
        assert_eq!(serde_json::from_str::<Pushes>("{}").unwrap(), Pushes::default());
        let usual = Pushes { until_ms: 1_795_539_600_000, pushed_ms: Some(1_795_539_600_000), ..Pushes::default() };
        let stored = serde_json::to_string(&usual).unwrap();
        assert!(stored.len() <= 80, "{stored}");
        assert_eq!(serde_json::from_str::<Pushes>(&stored).unwrap(), usual);
    }
}
