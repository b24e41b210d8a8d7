//! The order on its way to the till: notes that a printer takes and that hide no allergy, and money to the cent.
//!
//! The input is an order as it travels on the queue; it is tried as it is, and with sums that hold.

use super::{
    texts::{assert_printable, length},
    world::{moment, tenant_with},
};
use app::ports::Till;
use cassa_in_cloud::{Client, Settings};
use domain::{
    Cents, DepartmentId, ProductId, SalesModeId, TaxId, VariantId,
    draft::{Catalogue, Drafted, NoteRoom, draft, wanted_products},
    notes::{ALLERGY_FLAG, clean, cut, speaks_of_allergy},
    order::{Line, Order},
    tenant::Tenant,
    till::Product,
};
use serde_json::json;
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

/// The tenants that a draft can differ between.
static TENANTS: LazyLock<[Tenant; 3]> = LazyLock::new(|| {
    let agreed = json!({"delivery_fee_product_id": "consegna", "generic_product_id": "generico",
                        "row_modifiers": "structured", "prepaid_flag": true});
    [
        tenant_with(json!({}), "refuse"),
        tenant_with(agreed, "generic"),
        tenant_with(json!({"row_modifiers": "structured"}), "refuse"),
    ]
});

static CLIENT: LazyLock<Client> = LazyLock::new(|| Client::new(&Settings::default()).expect("a client"));

pub(super) fn check(data: &[u8]) {
    check_text(&String::from_utf8_lossy(data));
    let Ok(order) = serde_json::from_slice::<Order>(data) else { return };
    let texts = [&order.notes, &order.number].into_iter();
    let of_lines = order.lines.iter().flat_map(|line| [&line.notes, &line.name]);
    texts.chain(of_lines).for_each(|text| check_text(text));
    for order in [summed_up(order.clone()), order] {
        TENANTS.iter().for_each(|tenant| check_draft(&order, tenant));
    }
}

/// Cleaning and cutting, whatever the text.
fn check_text(text: &str) {
    let cleaned = clean(text);
    assert_printable(&cleaned);
    assert_eq!(clean(&cleaned), cleaned);
    assert!(!cleaned.contains("  ") && cleaned.trim() == cleaned, "{cleaned:?}");
    assert_eq!(speaks_of_allergy(text), speaks_of_allergy(&cleaned));
    for longest in [0, 1, 7, 60] {
        let kept = cut(&cleaned, longest);
        assert!(length(kept) <= longest && cleaned.starts_with(kept));
        let is_boundary = cleaned.grapheme_indices(true).any(|(start, _)| start == kept.len());
        assert!(is_boundary || kept == cleaned, "{kept:?} ends within a character");
    }
}

/// The order with the totals that its parts add up to.
fn summed_up(mut order: Order) -> Order {
    for line in &mut order.lines {
        line.quantity = line.quantity.clamp(1, 1000);
        line.options.iter_mut().for_each(|option| option.quantity = option.quantity.clamp(1, 1000));
        line.total = line.exact_total().unwrap_or(Cents(i64::MAX));
    }
    let lines: Cents = order.lines.iter().map(|line| line.total).sum();
    let fees: Cents = order.fees.iter().map(|fee| fee.amount).sum();
    order.total = lines + fees - order.discounts.iter().map(|discount| discount.amount).sum();
    order
}

/// What the till sells: everything but dishes that are `gone`, dishes of `many` variants with two.
fn catalogue(order: &Order, tenant: &Tenant) -> Catalogue {
    let wanted = wanted_products(order, tenant).into_iter().filter(|id| !id.as_str().starts_with("gone"));
    let products = wanted.map(|id| (id.clone(), product(&id))).collect();
    Catalogue { products, sales_mode: SalesModeId::parse("mode-1").expect("an id") }
}

fn product(id: &ProductId) -> Product {
    let variants = if id.as_str().starts_with("many") { &["v-1", "v-2"][..] } else { &["v-1"] };
    Product {
        id: id.clone(),
        name: id.to_string(),
        variants: variants.iter().map(|id| VariantId::parse(id).expect("an id")).collect(),
        department: DepartmentId::parse("cucina").ok(),
        tax: TaxId::parse("iva10").ok(),
        on_channel: true,
        options: None,
    }
}

fn check_draft(order: &Order, tenant: &Tenant) {
    let catalogue = catalogue(order, tenant);
    let made = |room| draft(order, tenant, &catalogue, None, moment(), room);
    let least = NoteRoom { order: 0, row: 0 };
    let Ok(bare) = made(least) else {
        return assert!(
            NoteRoom::LADDER.into_iter().all(|room| made(room).is_err()),
            "room decides whether it is sent"
        );
    };
    assert_exact(order, &bare);
    for room in NoteRoom::LADDER {
        let Ok(drafted) = made(room) else { panic!("room decides whether it is sent") };
        assert_exact(order, &drafted);
        assert_notes(order, &drafted, &bare, room);
    }
}

/// What the customer pays is what the till asks for, added up where nothing saturates.
fn assert_exact(order: &Order, drafted: &Drafted) {
    let line = |line: &Line| {
        let options = line.options.iter().map(|option| exact(option.price, option.quantity)).sum::<i128>();
        (i128::from(line.unit_price.0) + options) * i128::from(line.quantity)
    };
    let lines = order.lines.iter().map(line).sum::<i128>();
    let fees = order.fees.iter().map(|fee| i128::from(fee.amount.0)).sum::<i128>();
    let discounts = order.discounts.iter().map(|discount| i128::from(discount.amount.0)).sum::<i128>();
    assert_eq!(lines + fees - discounts, i128::from(order.total.0), "sent though its parts are not its total");
    let rows = drafted.draft.rows.iter().map(|row| {
        assert!(row.quantity >= 1, "a row of nothing");
        let modifiers = row.modifiers.iter().map(|modifier| exact(modifier.price, modifier.quantity)).sum::<i128>();
        (i128::from(row.price.0) + modifiers) * i128::from(row.quantity)
    });
    assert_eq!(rows.sum::<i128>(), i128::from(order.total.0), "the till asks for another amount");
    if let Ok(body) = CLIENT.order_body(&drafted.draft) {
        assert!(body.contains(&format!("\"amount\":{},", order.total)), "another amount in {body}");
    }
}

fn exact(price: Cents, quantity: i64) -> i128 {
    i128::from(price.0) * i128::from(quantity)
}

fn assert_notes(order: &Order, drafted: &Drafted, bare: &Drafted, room: NoteRoom) {
    let (made, bare) = (&drafted.draft, &bare.draft);
    let notes = made.rows.iter().map(|row| &row.note).chain([&made.note, &made.phone]);
    notes.for_each(|note| assert_printable(note));
    assert_within(&made.note, &bare.note, room.order);
    assert_eq!(made.rows.len(), bare.rows.len());
    made.rows.iter().zip(&bare.rows).for_each(|(row, bare)| assert_within(&row.note, &bare.note, room.row));
    let flagged = |wish: &str| speaks_of_allergy(wish).then(|| format!("{ALLERGY_FLAG} {}", clean(wish)));
    if let Some(allergy) = flagged(&order.notes) {
        assert!(made.note.starts_with(&allergy), "{:?} does not begin with {allergy:?}", made.note);
    }
    for allergy in order.lines.iter().filter_map(|line| flagged(&line.notes)) {
        assert!(made.rows.iter().any(|row| row.note.starts_with(&allergy)), "no row begins with {allergy:?}");
        assert!(made.note.contains(ALLERGY_FLAG), "the order's note does not point at the row");
    }
    if order.payment.online && order.payment.paid {
        assert!(bare.note.contains("PAGATO ONLINE"), "it may be asked to be paid twice");
    }
}

/// The note has all that is never cut, and of the rest no more than there is room for.
fn assert_within(note: &str, never_cut: &str, room: usize) {
    assert!(note.starts_with(never_cut), "{note:?} lost some of {never_cut:?}");
    assert!(length(note) <= length(never_cut) + room, "{note:?} exceeds {never_cut:?} by more than {room}");
}
