//! `ponte doctor`: the fourteen checks of a restaurant, as people or scripts read them.

use crate::{operator::Operator, sync};
use anyhow::{Context as _, Result};
use app::doctor::Doctor;
use clap::{
    ValueEnum,
    builder::styling::{AnsiColor, Style},
};
use domain::{
    TenantId,
    doctor::{Checked, Lang, Told, Verdict, word},
};
use serde::Serialize;
use std::{process::ExitCode, time::Duration};

/// As long as everything may take, the record's reading included.
const LONGEST: Duration = Duration::from_secs(20);

/// The language of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Italian.
    It,
    /// English.
    En,
}

impl From<Language> for Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::It => Self::It,
            Language::En => Self::En,
        }
    }
}

/// What the doctor found.
#[derive(Debug, Serialize)]
pub struct Report {
    tenant: TenantId,
    is_healthy: bool,
    checks: Vec<Told>,
    #[serde(skip)]
    lang: Lang,
}

/// Looks at a restaurant; a red check is a failure.
///
/// # Errors
/// If there is no such tenant or its record cannot be read.
pub async fn run(operator: &Operator, tenant: &str, language: Language) -> Result<ExitCode> {
    let tenant = TenantId::parse(tenant)?;
    let doctor = Doctor {
        menus: sync::menus(operator),
        till: operator.till.clone(),
        platform: operator.platform.clone(),
        orders: operator.orders(),
    };
    let examined = doctor.examine(&operator.work("doctor", LONGEST), &tenant).await;
    let examined = examined.with_context(|| format!("{tenant} cannot be examined"))?;
    let report = Report::new(tenant, &examined.checks, language.into());
    operator.print(&report, Report::text)?;
    Ok(ExitCode::from(u8::from(!report.is_healthy)))
}

impl Report {
    fn new(tenant: TenantId, checks: &[Checked], lang: Lang) -> Self {
        let is_healthy = checks.iter().all(|checked| checked.verdict != Verdict::Red);
        Self { tenant, is_healthy, checks: checks.iter().map(|checked| checked.told(lang)).collect(), lang }
    }

    /// The checks, each with what was seen; rule and remedy where something is to be done.
    fn text(&self) -> String {
        let count = |verdict: Verdict| {
            let number = self.checks.iter().filter(|told| told.verdict == verdict).count();
            format!("{} {number}", word(verdict, self.lang))
        };
        let counts = [Verdict::Green, Verdict::Yellow, Verdict::Red, Verdict::Unknown].map(count).join(", ");
        let checks: String = self.checks.iter().map(|told| self.paragraph(told)).collect();
        format!("{}: {counts}\n{checks}", self.tenant)
    }

    fn paragraph(&self, told: &Told) -> String {
        let (word, light) = (word(told.verdict, self.lang), light(told.verdict));
        let mut text = format!("{:<5} {light}{word:<11}{light:#} {}: {}\n", told.check, told.title, told.saw);
        if let Some(remedy) = &told.remedy {
            text.push_str(&format!("                  {}\n                  → {remedy}\n", told.rule));
        }
        text
    }
}

/// The colour of a verdict; it goes away where nobody can see it.
fn light(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Green => AnsiColor::Green,
        Verdict::Yellow => AnsiColor::Yellow,
        Verdict::Red => AnsiColor::Red,
        Verdict::Unknown => AnsiColor::BrightBlack,
    };
    colour.on_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::doctor::{CheckId, Names, Saw};

    fn report(lang: Lang) -> Report {
        let checked = |id, verdict, saw| Checked { id, verdict, saw: vec![saw] };
        let missing = Saw::ModeMissing {
            name: "plateform_takeaway".to_owned(),
            near: Names(vec!["Plateform Takeaway".to_owned()]),
        };
        let checks = [
            checked(CheckId::Key, Verdict::Green, Saw::KeyWorks),
            checked(CheckId::SalesModes, Verdict::Red, missing),
            checked(CheckId::Prices, Verdict::Yellow, Saw::OnePrice(Names(vec!["Margherita".to_owned()]))),
            checked(CheckId::Limits, Verdict::Unknown, Saw::LimitsNotReadable),
        ];
        Report::new(TenantId::parse("rest-1").unwrap(), &checks, lang)
    }

    /// As it is where colours cannot be seen.
    fn plain(report: &Report) -> String {
        anstream::adapter::strip_str(&report.text()).to_string()
    }

    #[test]
    fn each_verdict_has_the_colour_of_its_light() {
        let text = report(Lang::En).text();
        for light in ["\u{1b}[32mgreen", "\u{1b}[31mred", "\u{1b}[33myellow"] {
            assert!(text.contains(light), "{text}");
        }
    }

    #[test]
    fn in_italian_each_check_is_a_line_and_what_is_to_be_done_stands_below() {
        insta::assert_snapshot!(plain(&report(Lang::It)), @r"
        rest-1: bene 1, attenzione 1, errore 1, ignoto 1
        DR1   bene        Chiave API: la chiave funziona
        DR4   errore      Modalità di vendita: «plateform_takeaway» manca, c'è «Plateform Takeaway»
                          Le due modalità di vendita hanno il nome esatto
                          → Cassa: Configurazione > Modalità di vendita, scrivi il nome esatto, una volta sola
        DR5   attenzione  Prezzi: prezzo in un solo servizio: «Margherita»
                          Ogni articolo in vendita ha un prezzo maggiore di 0 in entrambe le modalità
                          → Cassa: Configurazione > Prodotti, prezzo di entrambe le modalità di vendita
        DR9   ignoto      Limiti sugli ordini: l'API non mostra i limiti
                          Nessun limite su ordini per fascia oraria, importo o consegne
                          → Cassa: Impostazioni > Ordini, togli ogni limite; con un limite gli ordini restano solo su Plateform
        ");
    }

    #[test]
    fn in_english_it_is_the_same_report() {
        insta::assert_snapshot!(plain(&report(Lang::En)), @r"
        rest-1: green 1, yellow 1, red 1, unknown 1
        DR1   green       API key: the key works
        DR4   red         Sales modes: «plateform_takeaway» is missing, there is «Plateform Takeaway»
                          Both sales modes have the exact name
                          → Till: Configurazione > Modalità di vendita, write the exact name, once
        DR5   yellow      Prices: priced in one service only: «Margherita»
                          Every article on sale has a price above 0 in both modes
                          → Till: Configurazione > Prodotti, the price of both sales modes
        DR9   unknown     Order limits: the API does not show limits
                          No limit on orders per time slot, amount or deliveries
                          → Till: Impostazioni > Ordini, remove every limit; with one, orders stay on Plateform alone
        ");
    }

    #[test]
    fn a_script_reads_verdicts_and_whether_anything_is_red() {
        let json = serde_json::to_value(report(Lang::En)).unwrap();
        assert_eq!((&json["is_healthy"], &json["checks"][1]["verdict"]), (&false.into(), &"red".into()));
        assert_eq!(json["checks"][0]["remedy"], serde_json::Value::Null);
    }
}
