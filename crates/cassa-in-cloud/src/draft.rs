//! The body that creates an order (API sheet 5.2 to 5.5). Pure and deterministic: the same draft is the same text.

use app::ports::TillError;
use domain::{
    Cents, SalesModeId,
    till::{Draft, DraftRow, RowItem, RowModifier},
};
use serde::{Serialize, Serializer, ser::Error as _};
use serde_json::value::RawValue;

/// The till's limit for a request body, in bytes.
pub(crate) const BODY_MAX: usize = 102_400;

/// The only `prepaymentStatus` ever seen; the word for «paid» is not known (GUESS, API sheet 11.8).
const PREPAYMENT_STATUS: &str = "WAITING";

/// Writes the request that creates this order.
pub(crate) fn order_body(draft: &Draft) -> Result<String, TillError> {
    let body = serde_json::to_string(&BatchDto { create: [OrderDto::of(draft)] })
        .map_err(|_| TillError::Refused { status: 0, detail: "not writable as JSON".to_owned() })?;
    match body.len() {
        0..=BODY_MAX => Ok(body),
        _ => Err(TillError::TooLarge),
    }
}

/// Euro with exactly two decimals, as a JSON number made from cents.
struct Euro(Cents);

impl Serialize for Euro {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.to_string()).map_err(S::Error::custom)?.serialize(to)
    }
}

#[derive(Serialize)]
struct BatchDto<'a> {
    create: [OrderDto<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderDto<'a> {
    external_id: &'a str,
    is_external_order: bool,
    date: i64,
    due_date: i64,
    delivery_mode: &'static str,
    #[serde(flatten)]
    destination: Option<DestinationDto<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    phone_number: &'a str,
    prepay: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    prepayment_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prepayment_transaction_id: Option<&'a str>,
    document: DocumentDto<'a>,
}

#[derive(Serialize)]
struct DestinationDto<'a> {
    #[serde(rename = "destinationStreet", skip_serializing_if = "str::is_empty")]
    street: &'a str,
    #[serde(rename = "destinationCity", skip_serializing_if = "str::is_empty")]
    city: &'a str,
    #[serde(rename = "destinationZipcode", skip_serializing_if = "str::is_empty")]
    zipcode: &'a str,
    #[serde(rename = "destinationDistrict", skip_serializing_if = "str::is_empty")]
    district: &'a str,
    #[serde(rename = "destinationCountry", skip_serializing_if = "str::is_empty")]
    country: &'a str,
    #[serde(rename = "transportNote", skip_serializing_if = "str::is_empty")]
    transport_note: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentDto<'a> {
    id_sales_point: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_customer: Option<&'a str>,
    tax_free: bool,
    amount: Euro,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    rows: Vec<RowDto<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RowDto<'a> {
    row_number: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_product_variant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_product: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_department: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_tax: Option<&'a str>,
    id_sales_mode: &'a str,
    quantity: i64,
    price: Euro,
    subtotal: bool,
    shipping_cost: bool,
    menu: bool,
    composition: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    row_modifier_values: Vec<ModifierDto<'a>>,
}

/// `RowModifierValue`: only its name is known, its fields are a guess (API sheet 5.4).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ModifierDto<'a> {
    id_option: &'a str,
    id_value: &'a str,
    price: Euro,
    quantity: i64,
}

impl<'a> OrderDto<'a> {
    fn of(draft: &'a Draft) -> Self {
        let destination = draft.delivery.as_ref().filter(|_| !draft.pickup).map(|address| DestinationDto {
            street: &address.street,
            city: &address.city,
            zipcode: &address.postal_code,
            district: &address.province,
            country: &address.country,
            transport_note: &address.instructions,
        });
        Self {
            external_id: draft.external_id.as_str(),
            is_external_order: true,
            date: draft.date.as_millisecond(),
            due_date: draft.due.as_millisecond(),
            delivery_mode: if draft.pickup { "PICKUP" } else { "DELIVERY" },
            destination,
            phone_number: &draft.phone,
            prepay: draft.prepaid.is_some(),
            prepayment_status: draft.prepaid.is_some().then_some(PREPAYMENT_STATUS),
            prepayment_transaction_id: draft.prepaid.as_deref().filter(|reference| !reference.is_empty()),
            document: DocumentDto::of(draft),
        }
    }
}

impl<'a> DocumentDto<'a> {
    fn of(draft: &'a Draft) -> Self {
        let rows = draft.rows.iter().zip(1..).map(|(row, number)| RowDto::of(row, number, &draft.sales_mode));
        Self {
            id_sales_point: draft.sales_point.0,
            id_customer: draft.customer.as_ref().map(|id| id.as_str()),
            tax_free: false,
            amount: Euro(draft.amount()),
            note: &draft.note,
            email: draft.email.as_deref(),
            rows: rows.collect(),
        }
    }
}

impl<'a> RowDto<'a> {
    fn of(row: &'a DraftRow, row_number: usize, sales_mode: &'a SalesModeId) -> Self {
        let (id_product_variant, id_product) = match &row.item {
            RowItem::Variant(id) => (Some(id.as_str()), None),
            RowItem::Product(id) => (None, Some(id.as_str())),
        };
        Self {
            row_number,
            id_product_variant,
            id_product,
            id_department: row.department.as_ref().map(|id| id.as_str()),
            id_tax: row.tax.as_ref().map(|id| id.as_str()),
            id_sales_mode: sales_mode.as_str(),
            quantity: row.quantity,
            price: Euro(row.price),
            subtotal: false,
            shipping_cost: row.shipping,
            menu: false,
            composition: false,
            note: &row.note,
            row_modifier_values: row.modifiers.iter().map(ModifierDto::of).collect(),
        }
    }
}

impl<'a> ModifierDto<'a> {
    fn of(modifier: &'a RowModifier) -> Self {
        Self {
            id_option: modifier.option.as_str(),
            id_value: modifier.value.as_str(),
            price: Euro(modifier.price),
            quantity: modifier.quantity,
        }
    }
}
