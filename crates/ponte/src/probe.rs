//! `ponte probe`: the shapes that a restaurant's till really answers with, and how our guesses stand. Read-only, and
//! fit to be passed on: it holds names of fields, types and counts, no values but the words of enumerations.

use crate::{operator::Operator, sync, table::table};
use anyhow::{Context as _, Result, ensure};
use app::ports::{Freshness, Tenants as _, menu::CallBudget as _};
use cassa_in_cloud::{FieldShape, Guess, PROBE_CALLS, Probe, ProbedCall, Standing};
use domain::TenantId;
use std::{process::ExitCode, time::Duration};

/// As long as all the calls may take.
const LONGEST: Duration = Duration::from_secs(90);

/// Probes a restaurant's till; a guess that is contradicted is a failure.
///
/// # Errors
/// If there is no such tenant, or the till's calls for menus are used up for these ten minutes.
pub async fn run(operator: &Operator, tenant: &str) -> Result<ExitCode> {
    let tenant = TenantId::parse(tenant)?;
    let access = operator.tenants.tenant(&tenant, Freshness::Reload).await?;
    let access = access.with_context(|| format!("there is no tenant {tenant}; check its id"))?;
    let menus = sync::menus(operator);
    let granted = menus.world().budget.take_calls(&access.api_key, PROBE_CALLS).await?;
    ensure!(granted == PROBE_CALLS, "the till's calls for menus are used up; try again in ten minutes");
    let probe = operator.till.probe(&operator.work("probe", LONGEST), &access).await;
    operator.print(&probe, as_text)?;
    let is_wrong = probe.guesses.iter().any(|guess| guess.standing == Standing::Contradicted);
    Ok(ExitCode::from(u8::from(is_wrong)))
}

fn as_text(probe: &Probe) -> String {
    let calls: String = probe.calls.iter().map(call).collect();
    let guesses: String = probe.guesses.iter().map(guess).collect();
    format!("{guesses}\n{calls}")
}

fn guess(Guess { guess, standing, seen, setting }: &Guess) -> String {
    let standing = match standing {
        Standing::Confirmed => "confirmed",
        Standing::Contradicted => "CONTRADICTED",
        Standing::NotSeen => "not seen",
    };
    let setting = if standing == "CONTRADICTED" { format!("              → {setting}\n") } else { String::new() };
    format!("{standing:<13} {guess}\n              {seen}\n{setting}")
}

fn call(ProbedCall { call, status, failure, headers, fields }: &ProbedCall) -> String {
    let status = status.map_or_else(|| failure.clone().unwrap_or_default(), |status| status.to_string());
    let row = |(path, shape): (&String, &FieldShape)| {
        let types: Vec<&str> = shape.types.iter().copied().collect();
        let words: Vec<&str> = shape.words.iter().map(String::as_str).collect();
        [path.clone(), types.join("|"), shape.count.to_string(), words.join(" ")]
    };
    let fields = table(["field", "types", "times", "words"], fields.iter().map(row));
    format!("{call}: {status}\n headers: {}\n{fields}\n", headers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn a_probe_reads_guesses_first_and_the_setting_only_where_a_guess_is_wrong() {
        let guess = |guess, standing| Guess { guess, standing, seen: "seen 1".to_owned(), setting: "cic.channel" };
        let words = BTreeSet::from(["PROCESSED".to_owned()]);
        let shape = FieldShape { types: BTreeSet::from(["integer", "text"]), count: 3, words };
        let probe = Probe {
            calls: vec![ProbedCall {
                call: "orders",
                status: Some(200),
                failure: None,
                headers: vec!["date".to_owned()],
                fields: BTreeMap::from([("orders[].status".to_owned(), shape)]),
            }],
            guesses: vec![
                guess("one", Standing::Confirmed),
                guess("two", Standing::Contradicted),
                guess("three", Standing::NotSeen),
            ],
        };
        insta::assert_snapshot!(as_text(&probe), @r"
        confirmed     one
                      seen 1
        CONTRADICTED  two
                      seen 1
                      → cic.channel
        not seen      three
                      seen 1

        orders: 200
         headers: date
         field            types         times  words
         orders[].status  integer|text  3      PROCESSED
        ");
    }
}
