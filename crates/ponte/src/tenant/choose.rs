//! Choices that need no call: which sales point, and whether the sales modes are there.

use anyhow::{Result, bail};
use cassa_in_cloud::SalesPoint;
use domain::{SalesPointId, tenant::Tenant, till::SalesMode};

/// Where the till's price lists are.
const MODES_PATH: &str = "Configurazione > Modalità di vendita";

/// The sales point that is meant: the one that was named, or the only one; none if somebody has to say which.
///
/// # Errors
/// If the key has none, or not the one that was named.
pub(super) fn sales_point(points: &[SalesPoint], named: Option<i64>) -> Result<Option<&SalesPoint>> {
    if points.is_empty() {
        bail!("the API key has no sales point with an active licence; the till's licence must be Enterprise");
    }
    match named {
        None => Ok(Some(&points[0]).filter(|_| points.len() == 1)),
        Some(number) => match points.iter().find(|point| point.id == SalesPointId(number)) {
            Some(point) => Ok(Some(point)),
            None => bail!("the API key has no sales point {number} with an active licence; it has:\n{}", list(points)),
        },
    }
}

/// Sales points, one a line.
pub(super) fn list(points: &[SalesPoint]) -> String {
    let mut text = String::new();
    for SalesPoint { id, name, city } in points {
        let city = if city.is_empty() { String::new() } else { format!(", {city}") };
        text.push_str(&format!("  {id}  {name}{city}\n"));
    }
    text.truncate(text.trim_end().len());
    text
}

/// Checks that the till has both sales modes, by their exact names (S27).
///
/// # Errors
/// With each that is missing, and what looks like it.
pub(super) fn check_modes(tenant: &Tenant, modes: &[SalesMode]) -> Result<()> {
    let wanted = [
        (&tenant.sales_mode_takeaway, "--sales-mode-takeaway"),
        (&tenant.sales_mode_delivery, "--sales-mode-delivery"),
    ];
    let missing: Vec<String> = wanted
        .into_iter()
        .filter(|(name, _)| !modes.iter().any(|mode| mode.name == **name))
        .map(|(name, option)| missing_mode(name, option, modes))
        .collect();
    match missing.is_empty() {
        true => Ok(()),
        false => bail!("{}\nnothing was written", missing.join("\n")),
    }
}

fn missing_mode(name: &str, option: &str, modes: &[SalesMode]) -> String {
    let mut text = format!("the till has no sales mode named exactly «{name}» (cassa: {MODES_PATH})");
    let near = modes.iter().find(|mode| letters(&mode.name) == letters(name));
    let hint = match near {
        Some(near) => {
            format!(": «{0}» differs in case, spaces or hyphens; rename it, or say {option} '{0}'", near.name)
        }
        None if modes.is_empty() => ": it has none at all; create it".to_owned(),
        None => {
            let names: Vec<_> = modes.iter().map(|mode| format!("«{}»", mode.name)).collect();
            format!(": create it, or say {option} NAME; it has {}", names.join(", "))
        }
    };
    text.push_str(&hint);
    text
}

/// What of a name is left when case, spaces, hyphens and underscores do not count.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SalesModeId;
    use serde_json::json;

    fn points(numbers: &[i64]) -> Vec<SalesPoint> {
        let point = |number: &i64| SalesPoint { id: SalesPointId(*number), name: "Sede".into(), city: "Torino".into() };
        numbers.iter().map(point).collect()
    }

    fn checked(names: &[&str]) -> Result<()> {
        let record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 1}});
        let tenant = Tenant::from_record(record.as_object().unwrap()).unwrap();
        let mode = |name: &&str| SalesMode { id: SalesModeId::parse("m").unwrap(), name: (*name).to_owned() };
        check_modes(&tenant, &names.iter().map(mode).collect::<Vec<_>>())
    }

    #[test]
    fn the_only_sales_point_is_taken_and_of_several_a_person_says_which() {
        let chosen = |numbers: &[i64], named| sales_point(&points(numbers), named).map(|p| p.map(|p| p.id.0)).unwrap();
        assert_eq!(chosen(&[90101], None), Some(90101));
        assert_eq!(chosen(&[90101, 90102], None), None);
        assert_eq!(chosen(&[90101, 90102], Some(90102)), Some(90102));
    }

    #[test]
    fn s46_a_sales_point_that_is_not_the_key_s_is_refused_with_those_that_are() {
        let told = sales_point(&points(&[90101]), Some(7)).unwrap_err().to_string();
        insta::assert_snapshot!(told, @r"
        the API key has no sales point 7 with an active licence; it has:
          90101  Sede, Torino
        ");
        assert!(sales_point(&[], None).unwrap_err().to_string().contains("Enterprise"));
    }

    #[test]
    fn s27_sales_modes_are_taken_by_their_exact_names_and_near_misses_are_shown() {
        assert!(checked(&["Banco", "plateform_takeaway", "plateform_delivery"]).is_ok());
        insta::assert_snapshot!(checked(&["Plateform-Takeaway ", "Banco"]).unwrap_err(), @r"
        the till has no sales mode named exactly «plateform_takeaway» (cassa: Configurazione > Modalità di vendita): «Plateform-Takeaway » differs in case, spaces or hyphens; rename it, or say --sales-mode-takeaway 'Plateform-Takeaway '
        the till has no sales mode named exactly «plateform_delivery» (cassa: Configurazione > Modalità di vendita): create it, or say --sales-mode-delivery NAME; it has «Plateform-Takeaway », «Banco»
        nothing was written
        ");
    }
}
