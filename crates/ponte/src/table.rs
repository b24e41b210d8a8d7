//! Tables as people read them in a terminal.

use comfy_table::{Table, presets::NOTHING};

/// Rows under a heading, in columns.
#[must_use]
pub fn table<const N: usize>(heading: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(heading);
    for row in rows {
        table.add_row(row);
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// Pairs of a name and a value, one a line, aligned.
#[must_use]
pub fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    pairs.iter().map(|(name, value)| format!("{name:width$}  {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_have_no_tail() {
        let text = table(
            ["ristorante", "stato"],
            [["rest-1".to_owned(), "attivo".to_owned()], ["r".into(), "in pausa".into()]],
        );
        assert_eq!(text, " ristorante  stato\n rest-1      attivo\n r           in pausa\n");
        assert_eq!(
            pairs(&[("nome", "Trattoria".to_owned()), ("cassa", "90101".to_owned())]),
            "nome   Trattoria\ncassa  90101\n"
        );
    }
}
