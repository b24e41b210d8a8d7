//! Orders as the platform writes them. `null` is the same as absent; unknown fields are ignored.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderDto {
    pub(crate) id: String,
    pub(crate) restaurant_id: String,
    pub(crate) number: String,
    pub(crate) status: String,
    pub(crate) service: String,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) requested_for: Option<String>,
    pub(crate) customer: CustomerDto,
    pub(crate) delivery: Option<AddressDto>,
    pub(crate) payment: PaymentDto,
    pub(crate) lines: Vec<LineDto>,
    pub(crate) fees: Option<Vec<FeeDto>>,
    pub(crate) discounts: Option<Vec<DiscountDto>>,
    pub(crate) total_cents: i64,
    pub(crate) notes: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerDto {
    pub(crate) id: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) updated_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddressDto {
    pub(crate) street: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) province: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) instructions: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentDto {
    pub(crate) method: String,
    pub(crate) paid: bool,
    pub(crate) transaction_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LineDto {
    /// Required by the contract, of no use here.
    #[serde(rename = "id")]
    pub(crate) _id: String,
    pub(crate) dish_external_id: String,
    pub(crate) name: String,
    pub(crate) quantity: i64,
    pub(crate) unit_price_cents: i64,
    pub(crate) options: Vec<OptionDto>,
    pub(crate) notes: Option<String>,
    pub(crate) total_cents: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OptionDto {
    pub(crate) group_external_id: String,
    pub(crate) option_external_id: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) quantity: i64,
    pub(crate) price_cents: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeeDto {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) amount_cents: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiscountDto {
    pub(crate) name: String,
    pub(crate) amount_cents: i64,
}
