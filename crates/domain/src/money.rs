//! Money in whole euro cents. There is no floating point here and no conversion from it.

use serde::{Deserialize, Serialize};
use std::{fmt, iter::Sum, ops};

/// An amount in euro cents; negative for what is given back.
///
/// Additions saturate: both parties are hostile, and an absurd amount must end as «the sum is wrong», not as a panic.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `self × quantity`, saturating.
    #[must_use]
    pub fn times(self, quantity: i64) -> Self {
        Self(self.0.saturating_mul(quantity))
    }

    /// `self × quantity`, or none where it would saturate.
    #[must_use]
    pub fn checked_times(self, quantity: i64) -> Option<Self> {
        self.0.checked_mul(quantity).map(Self)
    }

    /// The sum, or none where it would saturate: what is cut off could agree with a total that is cut off as well.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(0, |sum: i64, amount| sum.checked_add(amount.0)).map(Self)
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The amount as an Italian reader writes it: `12,50 €`.
    #[must_use]
    pub fn in_italian(self) -> String {
        let sign = if self.is_negative() { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        format!("{sign}{},{:02} €", cents / 100, cents % 100)
    }
}

impl ops::Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl ops::Sub for Cents {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl ops::Neg for Cents {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, ops::Add::add)
    }
}

impl fmt::Display for Cents {
    /// The decimal form that both parties' people read: `12.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_in_italian_with_a_comma() {
        assert_eq!(Cents(1250).in_italian(), "12,50 €");
        assert_eq!(Cents(-5).in_italian(), "-0,05 €");
    }

    #[test]
    fn an_absurd_amount_saturates_instead_of_panicking() {
        assert_eq!(Cents(i64::MAX) + Cents(1), Cents(i64::MAX));
        assert_eq!(Cents(i64::MAX).times(2), Cents(i64::MAX));
        assert_eq!(Cents(i64::MIN).to_string(), "-92233720368547758.08");
    }

    #[test]
    fn what_is_taken_off_is_the_amount_below_zero() {
        assert_eq!(-Cents(250), Cents(-250));
    }
}
