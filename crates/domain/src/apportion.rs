//! Shares of an amount in whole cents.

use crate::Cents;

/// Shares `amount` over `weights` in proportion, by largest remainder: the shares sum to `amount` to the cent and no
/// share exceeds its weight (E25). Ties go to the earlier weight.
///
/// None when the weights together do not reach `amount`, or `amount` is negative. Negative weights get nothing.
#[must_use]
pub fn apportion(amount: Cents, weights: &[Cents]) -> Option<Vec<Cents>> {
    let weights: Vec<i128> = weights.iter().map(|weight| i128::from(weight.0.max(0))).collect();
    let whole: i128 = weights.iter().sum();
    let amount = i128::from(amount.0);
    if amount < 0 || amount > whole {
        return None;
    }
    if whole == 0 {
        return Some(vec![Cents::ZERO; weights.len()]);
    }
    let mut shares: Vec<i128> = weights.iter().map(|weight| amount * weight / whole).collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|i| std::cmp::Reverse(amount * weights[*i] % whole));
    let missing = amount - shares.iter().sum::<i128>();
    for i in by_remainder.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[i] += 1;
    }
    Some(shares.into_iter().map(|share| Cents(i64::try_from(share).unwrap_or(i64::MAX))).collect())
}

/// Splits `amount` over `quantity` units into at most two groups `(quantity, unit price)` of whole cents (E26).
#[must_use]
pub fn into_units(amount: Cents, quantity: i64) -> Vec<(i64, Cents)> {
    let quantity = quantity.max(1);
    let (price, dearer) = (amount.0.div_euclid(quantity), amount.0.rem_euclid(quantity));
    [(quantity - dearer, Cents(price)), (dearer, Cents(price.saturating_add(1)))]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn e25_shares_sum_to_the_amount_and_none_exceeds_its_weight(
            weights in prop::collection::vec(0i64..1_000_000, 1..40), part in 0u32..=1000
        ) {
            let weights: Vec<Cents> = weights.into_iter().map(Cents).collect();
            let whole: Cents = weights.iter().copied().sum();
            let amount = Cents(whole.0 * i64::from(part) / 1000);
            let shares = apportion(amount, &weights).unwrap();
            prop_assert_eq!(shares.iter().copied().sum::<Cents>(), amount);
            for (share, weight) in shares.iter().zip(&weights) {
                prop_assert!(share <= weight && !share.is_negative());
                let exact = amount.0 as f64 * weight.0 as f64 / (whole.0.max(1)) as f64;
                prop_assert!((share.0 as f64 - exact).abs() <= 1.0);
            }
        }

        #[test]
        fn e26_units_sum_to_the_amount_in_at_most_two_rows(amount in -1_000_000i64..1_000_000, quantity in 1i64..500) {
            let rows = into_units(Cents(amount), quantity);
            prop_assert!(rows.len() <= 2);
            prop_assert_eq!(rows.iter().map(|(n, _)| n).sum::<i64>(), quantity);
            prop_assert_eq!(rows.iter().map(|(n, price)| price.times(*n)).sum::<Cents>(), Cents(amount));
        }
    }

    #[test]
    fn e25_ten_cents_over_three_equal_rows_are_four_three_three() {
        assert_eq!(apportion(Cents(10), &[Cents(100); 3]), Some(vec![Cents(4), Cents(3), Cents(3)]));
    }

    #[test]
    fn more_than_everything_cannot_be_shared() {
        assert_eq!(apportion(Cents(201), &[Cents(100), Cents(100)]), None);
        assert_eq!(apportion(Cents(-1), &[Cents(100)]), None);
        assert_eq!(apportion(Cents(0), &[]), Some(vec![]));
    }
}
