//! The till's fixed call window.

/// Calls counted since a window began.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RateWindow {
    began_ms: Option<i64>,
    calls: u32,
}

impl RateWindow {
    /// Counts a call.
    ///
    /// # Errors
    /// The seconds until the window resets, when the limit is used up.
    pub(crate) fn admit(&mut self, now_ms: i64, limit: u32, length_ms: i64) -> Result<(), u64> {
        let began = self.began_ms.filter(|began| now_ms - began < length_ms);
        if began.is_none() {
            *self = Self { began_ms: Some(now_ms), calls: 0 };
        }
        if self.calls >= limit {
            let left_ms = began.unwrap_or(now_ms) + length_ms - now_ms;
            return Err(u64::try_from(left_ms.max(0)).unwrap_or(0).div_ceil(1000));
        }
        self.calls += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::RateWindow;

    #[test]
    fn the_window_counts_then_refuses_then_resets_as_a_whole() {
        let mut window = RateWindow::default();
        assert_eq!(window.admit(1_000, 2, 10_000), Ok(()));
        assert_eq!(window.admit(9_000, 2, 10_000), Ok(()));
        assert_eq!(window.admit(10_500, 2, 10_000), Err(1));
        assert_eq!(window.admit(11_000, 2, 10_000), Ok(()));
    }
}
