//! Whether an amount was read faithfully. Floating point is good enough here: what wraps, is cut off or takes cents for
//! euro is off by far more than it is.

use domain::Cents;
use serde_json::Value;

/// Up to here, in euro, an amount that the till writes as a number has to be read.
const PLAUSIBLE: f64 = 1e12;

/// Panics unless the cents are those of the amount in the till's JSON.
pub(super) fn assert_read(written: Option<&Value>, read: Option<Cents>) {
    assert!(is_faithful(written, read), "{written:?} was read as {read:?}");
}

/// Whether the cents are those of the amount: absent where it is none.
pub(super) fn is_faithful(written: Option<&Value>, read: Option<Cents>) -> bool {
    let euro = match written {
        Some(Value::Number(number)) => number.to_string().parse::<f64>().ok(),
        Some(Value::String(text)) => text.trim().parse::<f64>().ok(),
        _ => None,
    };
    match (euro, read) {
        (None, read) => read.is_none(),
        (Some(euro), Some(Cents(cents))) => {
            let exact = euro * 100.0;
            (cents as f64 - exact).abs() <= 0.5 + 1e-6 + exact.abs() * 1e-12
        }
        // A text may be what only another program takes for a number: `inf`, `.5e-300`.
        (Some(euro), None) => {
            written.is_some_and(Value::is_string) || euro.abs() > PLAUSIBLE || (euro != 0.0 && euro.abs() < 1e-6)
        }
    }
}

#[test]
fn what_wraps_is_cut_off_or_goes_missing_is_noticed() {
    use serde_json::json;
    let faithful = |written: Value, read: Option<i64>| is_faithful(Some(&written), read.map(Cents));
    assert!(faithful(json!(19.0), Some(1900)) && faithful(json!("-0.005"), Some(-1)) && faithful(json!(null), None));
    assert!(faithful(json!(1e300), None) && faithful(json!("inf"), None));
    assert!(!faithful(json!(19.0), Some(19)) && !faithful(json!(19.99), Some(1900)) && !faithful(json!(19.0), None));
    assert!(!faithful(json!(92_233_720_368_547_758.08), Some(i64::MIN)) && !faithful(json!([]), Some(0)));
}
