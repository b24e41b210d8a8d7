//! Which till customer an order's customer is, and what to write there without blanking or overwriting anything
//! (S69-S71, E37-E39; API sheet 4.8).

use crate::{
    SalesPointId, TillCustomerId,
    notes::{clean, cut},
    order::Customer,
    till::TillCustomer,
};
use phonenumber::{Mode, country::Id as Country};
use serde_json::{Map, Value};

/// As long as a name may be at the till.
const LONGEST_NAME: usize = 100;

/// What to do at the till for a customer.
#[derive(Clone, PartialEq)]
pub enum Plan {
    /// Create this record.
    Create(Map<String, Value>),
    /// Write this record whole: what the till had, with what it lacked.
    Update(TillCustomer),
    /// It is there as it should be.
    Use(TillCustomerId),
    /// Several fit: write nothing, use the oldest, tell the staff.
    Ambiguous(TillCustomerId),
}

/// The one name field of the till: first and last name, or a stand-in when the platform has neither (E39).
#[must_use]
pub fn full_name(customer: &Customer) -> String {
    let name = clean(&format!("{} {}", customer.first_name, customer.last_name));
    match cut(&name, LONGEST_NAME).trim_end() {
        "" => "Cliente Plateform".to_owned(),
        name => name.to_owned(),
    }
}

/// An e-mail in the form that is compared.
fn email_key(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    text.contains('@').then_some(text)
}

/// As many digits as a telephone has at least.
const SHORTEST_PHONE: usize = 5;

/// Whether two texts are one telephone, Italian where no country is given.
///
/// Most are told by their digits alone: the numbering plans of the world take a tenth of a second to be read.
fn same_phone(one: &str, other: &str) -> bool {
    let (digits, others) = (digits(one), digits(other));
    let end = |digits: &str| digits.len().checked_sub(SHORTEST_PHONE).map(|start| digits[start..].to_owned());
    match (end(&digits), end(&others)) {
        (Some(end), Some(other_end)) if end == other_end => {
            with_country(one, &digits) == with_country(other, &others) || phone_key(one) == phone_key(other)
        }
        _ => false,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A telephone in the form that is compared: digits with country. What is no telephone of any numbering plan, two in one
/// field for example, is its digits.
fn phone_key(text: &str) -> String {
    match phonenumber::parse(Some(Country::IT), text) {
        Ok(number) => digits(&number.format().mode(Mode::E164).to_string()),
        Err(_) => with_country(text, &digits(text)),
    }
}

/// The digits with their country, as they were typed.
fn with_country(text: &str, digits: &str) -> String {
    match (text.trim_start().starts_with('+'), digits.strip_prefix("00")) {
        (true, _) => digits.to_owned(),
        (false, Some(international)) => international.to_owned(),
        (false, None) => format!("39{digits}"),
    }
}

/// A field as text, whatever form the till gives it; what is there in another form is not empty either.
fn field(customer: &TillCustomer, name: &str) -> String {
    match customer.record.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    }
}

fn same_name(one: &str, other: &str) -> bool {
    clean(one).to_lowercase() == clean(other).to_lowercase()
}

/// Whether a till customer is this person: linked by id, or same e-mail, or same telephone *and* name. Never by
/// telephone alone: a family and a reception desk share one (E37).
fn is_same(found: &TillCustomer, wanted: &Customer) -> bool {
    let both = |a: Option<String>, b: Option<String>| a.is_some() && a == b;
    let email = wanted.email.as_deref().and_then(email_key);
    let phone = wanted.phone.as_deref().unwrap_or_default();
    field(found, "externalId") == wanted.id.as_str()
        || both(email_key(&field(found, "email")), email)
        || (same_name(&field(found, "name"), &full_name(wanted)) && same_phone(&field(found, "phoneNumber"), phone))
}

/// Decides from what the searches found. A record may be found twice.
#[must_use]
pub fn plan(found: &[TillCustomer], wanted: &Customer, sales_point: SalesPointId) -> Plan {
    let mut same: Vec<&TillCustomer> = found.iter().filter(|customer| is_same(customer, wanted)).collect();
    same.sort_by(|a, b| a.id.cmp(&b.id));
    same.dedup_by(|a, b| a.id == b.id);
    if let Some(linked) = same.iter().find(|customer| field(customer, "externalId") == wanted.id.as_str()) {
        return merge(linked, wanted, true);
    }
    match same.as_slice() {
        [] => Plan::Create(fields(wanted).chain([("idSalesPoint", Value::from(sales_point.0))]).map(owned).collect()),
        [only] => merge(only, wanted, false),
        several => {
            let age =
                |customer: &&&TillCustomer| customer.record.get("lastUpdate").and_then(Value::as_i64).unwrap_or(0);
            let oldest = several.iter().min_by_key(age).unwrap_or(&several[0]);
            Plan::Ambiguous(oldest.id.clone())
        }
    }
}

/// Fills what the till lacks; what it has is changed only on a customer that is linked to this very one (E38).
fn merge(found: &TillCustomer, wanted: &Customer, linked: bool) -> Plan {
    let mut merged = found.clone();
    for (name, value) in fields(wanted) {
        if linked || field(found, name).is_empty() {
            merged.record.insert(name.to_owned(), value);
        }
    }
    match merged == *found {
        true => Plan::Use(found.id.clone()),
        false => Plan::Update(merged),
    }
}

fn owned((name, value): (&str, Value)) -> (String, Value) {
    (name.to_owned(), value)
}

/// What the platform knows, never an empty value.
fn fields(wanted: &Customer) -> impl Iterator<Item = (&'static str, Value)> {
    let optional = |text: &Option<String>| text.as_deref().map(clean).filter(|text| !text.is_empty());
    [
        ("name", Some(full_name(wanted))),
        ("email", optional(&wanted.email)),
        ("phoneNumber", optional(&wanted.phone)),
        ("externalId", Some(wanted.id.to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, Value::from(value?))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CustomerId;
    use serde_json::json;

    fn wanted() -> Customer {
        Customer {
            id: CustomerId::parse("plt-customer-1").unwrap(),
            first_name: "Cliente".into(),
            last_name: "Prova".into(),
            email: Some("Cliente@example.test".into()),
            phone: Some("+39 000 0000001".into()),
        }
    }

    fn till(record: Value) -> TillCustomer {
        let record = record.as_object().unwrap().clone();
        TillCustomer { id: TillCustomerId::parse(record["id"].as_str().unwrap()).unwrap(), record }
    }

    fn decide(found: &[TillCustomer]) -> Plan {
        plan(found, &wanted(), SalesPointId(90101))
    }

    #[test]
    fn s69_s70_an_unknown_customer_is_created_with_name_email_phone_and_the_platform_id() {
        let Plan::Create(record) = decide(&[]) else { panic!("not created") };
        let expected = json!({"name": "Cliente Prova", "email": "Cliente@example.test", "phoneNumber": "+39 000 0000001",
                              "externalId": "plt-customer-1", "idSalesPoint": 90101});
        assert_eq!(Value::from(record), expected);
    }

    #[test]
    fn e37_the_same_phone_alone_is_another_person_but_with_the_same_name_it_is_not() {
        let relative = till(json!({"id": "a", "name": "Parente Prova", "phoneNumber": "+390000000001"}));
        assert!(matches!(decide(&[relative]), Plan::Create(_)));
        let same = till(json!({"id": "b", "name": "CLIENTE  prova", "phoneNumber": "0039 000-0000001"}));
        assert!(matches!(decide(&[same]), Plan::Update(_)));
    }

    #[test]
    fn e37_a_phone_is_the_same_however_it_is_written() {
        for typed in
            ["333 1234567", "+39 333 123 4567", "0039333-1234567", "39 333 1234567", "(333) 12.34.567", "333/1234567"]
        {
            assert!(same_phone(typed, "+393331234567") && same_phone("3331234567", typed), "{typed}");
        }
        assert!(same_phone("06 1234 5678", "+39 06 12345678"));
        assert!(same_phone("+41 44 668 18 00", "0041446681800"));
        assert!(!same_phone("044 668 18 00", "+41 44 668 18 00"));
        assert!(!same_phone("333 1234567", "333 1234568"));
    }

    #[test]
    fn e37_what_is_no_telephone_is_compared_by_its_digits_and_too_few_are_none() {
        assert!(same_phone("333 1234567 - 06 12345678", "+39 333 1234567 / 06 12345678"));
        for typed in ["", "no", "int. 12", "+", "1234", "☎"] {
            assert!(!same_phone(typed, typed), "{typed}");
        }
    }

    #[test]
    fn what_the_till_has_is_kept_and_only_what_it_lacks_is_filled() {
        let found = till(json!({"id": "a", "name": "C. Prova", "email": "cliente@example.test", "note": "tavolo 4",
                                "discount1": 5, "phoneNumber": ""}));
        let Plan::Update(merged) = decide(&[found]) else { panic!("not updated") };
        let expected = json!({"id": "a", "name": "C. Prova", "email": "cliente@example.test", "note": "tavolo 4",
                              "discount1": 5, "phoneNumber": "+39 000 0000001", "externalId": "plt-customer-1"});
        assert_eq!(Value::from(merged.record), expected);
    }

    #[test]
    fn e38_a_linked_customer_with_a_new_email_is_updated_and_never_blanked() {
        let found = till(json!({"id": "a", "externalId": "plt-customer-1", "name": "Cliente Prova",
                                "email": "vecchia@example.test", "phoneNumber": "+39 000 0000001"}));
        let mut customer = wanted();
        customer.phone = None;
        let Plan::Update(merged) = plan(&[found], &customer, SalesPointId(1)) else { panic!("not updated") };
        assert_eq!(merged.record["email"], "Cliente@example.test");
        assert_eq!(merged.record["phoneNumber"], "+39 000 0000001");
    }

    #[test]
    fn a_customer_that_is_already_right_costs_no_write() {
        let found = till(json!({"id": "a", "externalId": "plt-customer-1", "name": "Cliente Prova",
                                "email": "Cliente@example.test", "phoneNumber": "+39 000 0000001"}));
        assert!(decide(&[found.clone(), found]) == Plan::Use(TillCustomerId::parse("a").unwrap()));
    }

    #[test]
    fn several_that_fit_are_not_written_and_the_oldest_is_used() {
        let one = till(json!({"id": "a", "email": "cliente@example.test", "lastUpdate": 20}));
        let other = till(json!({"id": "b", "email": "CLIENTE@example.test", "lastUpdate": 10}));
        assert!(decide(&[one, other]) == Plan::Ambiguous(TillCustomerId::parse("b").unwrap()));
    }

    #[test]
    fn e39_names_are_filled_and_cut_on_a_character() {
        let mut customer = wanted();
        customer.last_name = String::new();
        assert_eq!(full_name(&customer), "Cliente");
        customer.first_name = "è".repeat(200);
        assert_eq!(full_name(&customer).chars().count(), 100);
        customer.first_name = " \u{0}".into();
        assert_eq!(full_name(&customer), "Cliente Plateform");
    }

    proptest::proptest! {
        #[test]
        fn e37_whatever_text_a_phone_is_it_is_compared_the_same_both_ways(one in "\\PC{0,40}|[+0-9 ()./;=a-z-]{0,30}", end in "[0-9]{5,9}") {
            let one = one + &end;
            proptest::prop_assert!(same_phone(&one, &one));
            proptest::prop_assert_eq!(same_phone(&one, &end), same_phone(&end, &one));
        }
    }

    #[test]
    fn e62_a_customer_of_the_till_shows_its_id_alone() {
        let shown = format!("{:?}", till(json!({"id": "a", "name": "Cliente Prova"})));
        assert_eq!(shown, "TillCustomer { id: TillCustomerId(\"a\"), .. }");
    }

    #[test]
    fn two_who_have_no_email_are_not_the_same_for_that() {
        let found = till(json!({"id": "a", "name": "Altra Persona", "email": "altra@example.test"}));
        let nobody = till(json!({"id": "b", "name": "Altra Persona"}));
        let customer = Customer { email: None, ..wanted() };
        assert!(matches!(plan(&[found, nobody], &customer, SalesPointId(1)), Plan::Create(_)));
        let named = till(json!({"id": "c", "name": "Altra Persona", "email": "altra@example.test"}));
        assert!(matches!(decide(&[named]), Plan::Create(_)), "another e-mail is another person");
    }
}
