//! What everybody reads on the ticket, in its sequence.

use crate::{
    Cents,
    draft::NoteRoom,
    order::Discount,
    testing::{addition, discount, drafted, drafted_in, line, order, order_of, paid_online, tenant, totalled},
};

#[test]
fn e41_an_allergy_comes_first_then_paid_online_then_the_rest() {
    let mut order = paid_online(order());
    order.notes = "Allergia alle noci".into();
    let note = drafted(&order, &tenant()).draft.note;
    assert_eq!(note, "!! ALLERGIA !! Allergia alle noci | PAGATO ONLINE | Plateform #1001, asporto");
    order.notes = "tagliata a spicchi".into();
    order.discounts = vec![discount(100)];
    let note = drafted(&totalled(order), &tenant()).draft.note;
    let expected =
        "PAGATO ONLINE | Plateform #1001, asporto | Sconto già compreso: 1,00 € (Benvenuto) | tagliata a spicchi";
    assert_eq!(note, expected);
}

#[test]
fn e41_an_allergy_of_a_line_is_on_its_row_and_the_order_points_there() {
    let lines = vec![
        line("pizza", 1, 900, vec![addition("Bufala", 1, 0)], "sono cel\u{200B}iaco"),
        line("birra", 1, 400, vec![], "fredda"),
    ];
    let draft = drafted(&order_of(lines), &tenant()).draft;
    assert_eq!(draft.rows[0].note, "!! ALLERGIA !! sono celiaco | + Bufala");
    assert_eq!(draft.rows[1].note, "fredda");
    assert!(draft.note.starts_with("!! ALLERGIA !! vedi Piatto pizza | "), "{}", draft.note);
}

#[test]
fn paid_online_is_said_only_of_what_is_online_and_paid() {
    let mut order = paid_online(order());
    for (online, paid) in [(true, true), (true, false), (false, true), (false, false)] {
        (order.payment.online, order.payment.paid) = (online, paid);
        assert_eq!(drafted(&order, &tenant()).draft.note.contains("PAGATO ONLINE"), online && paid);
    }
}

#[test]
fn e42_with_the_least_room_only_wishes_are_cut() {
    let allergy = format!("allergia: {}", "arachidi ".repeat(100)).trim_end().to_owned();
    let long = "x".repeat(900);
    let wishes = [
        line("pizza", 1, 900, vec![addition("Bufala", 1, 150)], &allergy),
        line("birra", 1, 400, vec![addition("Limone", 1, 0)], &long),
    ];
    let mut order = paid_online(order_of(wishes.to_vec()));
    order.notes = allergy.clone();
    for room in NoteRoom::LADDER {
        let draft = drafted_in(&order, &tenant(), room).unwrap().draft;
        assert!(draft.note.starts_with(&format!(
            "!! ALLERGIA !! {allergy} | !! ALLERGIA !! vedi Piatto pizza | PAGATO ONLINE | Plateform #1001"
        )));
        assert_eq!(draft.rows[0].note, format!("!! ALLERGIA !! {allergy} | + Bufala"));
        assert!(draft.rows[1].note.starts_with("+ Limone"));
        assert!(draft.rows[1].note.chars().count() <= "+ Limone".len() + room.row);
    }
}

#[test]
fn e40_names_and_wishes_lose_their_control_characters() {
    let mut order = order_of(vec![line("pizza", 1, 900, vec![addition("Bu\u{7}fala", 1, 0)], "ben\n\ncotta\u{202E}")]);
    order.number = "10\u{1b}01".into();
    order.discounts = vec![Discount { name: "Ben\tvenuto".into(), amount: Cents(1) }];
    let draft = drafted(&totalled(order), &tenant()).draft;
    assert_eq!(draft.rows[0].note, "+ Bu fala | ben cotta");
    assert_eq!(draft.note, "Plateform #10 01, asporto | Sconto già compreso: 0,01 € (Ben venuto)");
}

#[test]
fn a_discount_of_nothing_is_not_spoken_of() {
    let mut order = order();
    order.discounts = vec![discount(0)];
    assert_eq!(drafted(&order, &tenant()).draft.note, "Plateform #1001, asporto");
}
