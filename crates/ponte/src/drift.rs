//! `ponte drift`: what differs between till and platform, for a person or a script.

use crate::operator::Operator;
use anyhow::{Context as _, Result};
use app::menu::{self, Drift};
use domain::TenantId;
use jiff::Timestamp;
use std::process::ExitCode;

/// Shows the drift of a tenant.
///
/// # Errors
/// If the table does not answer, or no cycle has run for the tenant.
pub async fn run(operator: &Operator, tenant: &str) -> Result<ExitCode> {
    let tenant = TenantId::parse(tenant)?;
    operator.tenant(&tenant).await?;
    let found = menu::drift(&operator.menus(), &tenant).await?;
    let drift = found.with_context(|| format!("no menu cycle has run for {tenant} yet"))?;
    operator.print(&drift, |drift| as_text(&tenant, drift))?;
    Ok(ExitCode::SUCCESS)
}

fn as_text(tenant: &TenantId, drift: &Drift) -> String {
    let compared = drift.compared_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let compared = compared.map_or_else(|| "mai".to_owned(), |at| at.to_string());
    let mut text = format!("{tenant}: confrontato {compared}\n");
    text.push_str(&line("voci uguali da entrambe le parti", drift.same));
    text.push_str(&line("disattivate, da eliminare su Plateform", drift.deactivated));
    let sections = [
        ("solo su Plateform", &drift.only_platform),
        ("solo sulla cassa", &drift.only_till),
        ("senza prezzo", &drift.without_price),
        ("senza nome", &drift.unnamed),
        ("altro", &drift.other),
    ];
    for (title, findings) in sections {
        text.push_str(&line(title, findings.len()));
        for finding in findings {
            text.push_str(&format!("          - {}. {}\n", finding.message, finding.remedy));
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn line(what: &str, count: usize) -> String {
    format!("  {count:>6}  {what}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::menu::{Check, Finding, Level};

    #[test]
    fn a_drift_reads_as_counts_and_sentences_with_their_remedy() {
        let ghost = Finding {
            check: Check::Ghost,
            level: Level::Warning,
            subject: "p1".into(),
            message: "«Vecchia» è su Plateform e non sulla cassa".into(),
            remedy: "Plateform: Gestione > Menu > Prodotti, elimina il piatto".into(),
        };
        let drift = Drift {
            compared_ms: Some(1_795_543_200_000),
            same: 60,
            deactivated: 1,
            only_platform: vec![ghost],
            only_till: vec![],
            without_price: vec![],
            unnamed: vec![],
            other: vec![],
        };
        let text = as_text(&TenantId::parse("rest-1").unwrap(), &drift);
        let expected = "rest-1: confrontato 2026-11-24T18:00:00Z\n\
                        \x20     60  voci uguali da entrambe le parti\n\
                        \x20      1  disattivate, da eliminare su Plateform\n\
                        \x20      1  solo su Plateform\n\
                        \x20         - «Vecchia» è su Plateform e non sulla cassa. Plateform: Gestione > Menu > Prodotti, elimina il piatto\n\
                        \x20      0  solo sulla cassa\n\
                        \x20      0  senza prezzo\n\
                        \x20      0  senza nome\n\
                        \x20      0  altro";
        assert_eq!(text, expected);
    }

    #[test]
    fn no_list_of_a_drift_is_left_out_of_the_text_or_of_the_json() {
        let of = |check, message: &str| {
            let (subject, remedy) = (String::new(), "rimedio".to_owned());
            vec![Finding { check, level: Level::Error, subject, message: message.to_owned(), remedy }]
        };
        let drift = Drift {
            compared_ms: None,
            same: 0,
            deactivated: 0,
            only_platform: of(Check::Ghost, "solo lì"),
            only_till: of(Check::Variants, "solo qui"),
            without_price: of(Check::Price, "niente prezzo"),
            unnamed: of(Check::Name, "niente nome"),
            other: of(Check::Webhook, "la cassa non chiama"),
        };
        let text = as_text(&TenantId::parse("rest-1").unwrap(), &drift);
        let json = serde_json::to_value(&drift).unwrap();
        for (list, message) in [
            ("only_platform", "solo lì"),
            ("only_till", "solo qui"),
            ("without_price", "niente prezzo"),
            ("unnamed", "niente nome"),
            ("other", "la cassa non chiama"),
        ] {
            assert!(text.contains(&format!("- {message}. rimedio")), "{list}: {text}");
            assert_eq!(json[list][0]["message"], message);
        }
    }
}
