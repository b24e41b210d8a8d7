//! What a dry run found, as people read it.

use domain::{
    Cents,
    menu::{
        Kind,
        preview::{DishLine, Named, Preview, PriceChange},
    },
};

/// The change by what customers would notice first.
pub(super) fn as_text(preview: &Preview) -> String {
    if preview.is_empty() {
        return "nulla cambierebbe\n".to_owned();
    }
    let appearing = preview.appearing.iter().map(|dish| format!("+ {}: {}", dish.name, prices(dish)));
    let disappearing = preview.disappearing.iter().map(|dish| format!("- {}", name(dish)));
    let changing = preview.changing.iter().map(changed);
    let risks = preview.translations_at_risk.iter().map(name);
    let emptied = preview.emptied.iter().map(name);
    let mut text = [
        section("piatti che compaiono", appearing),
        section("piatti che non si potranno più ordinare", disappearing),
        section("piatti che cambiano nome o prezzo", changing),
        section("categorie che restano senza piatti", emptied),
        section("voci disattivate: eliminandole si perdono traduzioni, etichette e ingredienti", risks),
    ]
    .concat();
    if preview.others > 0 {
        text.push_str(&format!("altre voci da scrivere (testi, foto, opzioni, categorie): {}\n", preview.others));
    }
    text
}

fn section(title: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("  {line}\n")).collect();
    if lines.is_empty() { String::new() } else { format!("{title}: {}\n{}", lines.len(), lines.concat()) }
}

fn name(named: &Named) -> String {
    let kind = match named.kind {
        Kind::Category => "categoria ",
        Kind::Group => "opzioni ",
        Kind::Dish => "",
    };
    let name = if named.name.is_empty() { &named.id } else { &named.name };
    format!("{kind}{name}")
}

fn prices(dish: &DishLine) -> String {
    format!("asporto {}, consegna {}", price(dish.takeaway.after), price(dish.delivery.after))
}

fn price(cents: Option<Cents>) -> String {
    cents.map_or_else(|| "non ordinabile".to_owned(), Cents::in_italian)
}

fn changed(dish: &DishLine) -> String {
    let step = |service: &str, change: PriceChange| {
        (change.before != change.after).then(|| format!("{service} {} → {}", price(change.before), price(change.after)))
    };
    let renamed = dish.name_before.as_ref().map(|before| format!("prima «{before}»"));
    let parts = [renamed, step("asporto", dish.takeaway), step("consegna", dish.delivery)];
    format!("~ {}: {}", dish.name, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dish(name: &str, before: Option<i64>, after: Option<i64>) -> DishLine {
        let change = PriceChange { before: before.map(Cents), after: after.map(Cents) };
        let none = PriceChange { before: None, after: None };
        DishLine { id: name.into(), name: name.into(), name_before: None, takeaway: change, delivery: none }
    }

    fn named(kind: Kind, name: &str) -> Named {
        Named { kind, id: "id-1".into(), name: name.into() }
    }

    #[test]
    fn a_dry_run_reads_as_what_customers_would_notice() {
        let preview = Preview {
            appearing: vec![dish("Bufalina", None, Some(950))],
            changing: vec![
                dish("Margherita", Some(700), Some(750)),
                DishLine { name_before: Some("Cola".into()), ..dish("Chinotto", Some(300), Some(300)) },
            ],
            disappearing: vec![named(Kind::Dish, "Diavola"), named(Kind::Dish, "")],
            others: 4,
            translations_at_risk: vec![named(Kind::Dish, "Diavola"), named(Kind::Group, "Aggiunte")],
            emptied: vec![named(Kind::Category, "Fritti")],
        };
        insta::assert_snapshot!(as_text(&preview), @r"
        piatti che compaiono: 1
          + Bufalina: asporto 9,50 €, consegna non ordinabile
        piatti che non si potranno più ordinare: 2
          - Diavola
          - id-1
        piatti che cambiano nome o prezzo: 2
          ~ Margherita: asporto 7,00 € → 7,50 €
          ~ Chinotto: prima «Cola»
        categorie che restano senza piatti: 1
          categoria Fritti
        voci disattivate: eliminandole si perdono traduzioni, etichette e ingredienti: 2
          Diavola
          opzioni Aggiunte
        altre voci da scrivere (testi, foto, opzioni, categorie): 4
        ");
        assert_eq!(as_text(&Preview::default()), "nulla cambierebbe\n");
    }
}
