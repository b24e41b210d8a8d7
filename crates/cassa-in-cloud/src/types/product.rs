//! Products and sales modes as the till shows them.

use super::{BadShape, fields::Fields, modifier, read, tolerant};
use domain::{
    DepartmentId, OptionId, OptionValueId, ProductId, SalesModeId, TaxId, VariantId,
    menu::till::TillModifier,
    till::{Product, SalesMode},
};
use serde::Deserialize;
use serde_json::Value;

/// `Product`, as far as an order row needs it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProductDto {
    #[serde(default, deserialize_with = "tolerant::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    description: Option<String>,
    #[serde(default, deserialize_with = "tolerant::list")]
    variants: Vec<Value>,
    #[serde(default, deserialize_with = "tolerant::text")]
    id_department: Option<String>,
    #[serde(default, deserialize_with = "tolerant::object")]
    department: Option<DepartmentDto>,
}

/// `Department`, embedded in the product.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DepartmentDto {
    #[serde(default, deserialize_with = "tolerant::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    id_tax: Option<String>,
    #[serde(default, deserialize_with = "tolerant::object")]
    tax: Option<NamedDto>,
}

/// Anything with an id and a name.
#[derive(Deserialize)]
struct NamedDto {
    #[serde(default, deserialize_with = "tolerant::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "tolerant::text")]
    description: Option<String>,
}

impl ProductDto {
    fn try_into_domain(self, offers: Offers) -> Result<Product, BadShape> {
        let id = self.id.as_deref().and_then(|id| ProductId::parse(id).ok()).ok_or(BadShape::NoId)?;
        let department = self.department.as_ref();
        let own_department = self.id_department.as_deref().or_else(|| department?.id.as_deref());
        let tax = department.and_then(|d| d.id_tax.as_deref().or_else(|| d.tax.as_ref()?.id.as_deref()));
        Ok(Product {
            id,
            variants: self.variants.iter().map(variant).collect::<Result<_, _>>()?,
            department: own_department.and_then(|id| DepartmentId::parse(id).ok()),
            tax: tax.and_then(|id| TaxId::parse(id).ok()),
            name: self.description.unwrap_or_default(),
            on_channel: offers.on_channel,
            options: offers.options,
        })
    }
}

/// A variant that cannot be read spoils its product: leaving it out could make two variants look like one.
fn variant(value: &Value) -> Result<VariantId, BadShape> {
    let id = read::<NamedDto>(value)?.id.ok_or(BadShape::NoId)?;
    VariantId::parse(&id).map_err(|_| BadShape::NoId)
}

/// Reads one product; `flag` is the field of the tenant's channel.
pub(crate) fn product(value: &Value, flag: &'static str) -> Result<Product, BadShape> {
    read::<ProductDto>(value)?.try_into_domain(Offers::of(value, flag)?)
}

/// What a product offers today. An order does not fail for want of it: what is not said, or cannot be read, counts as on
/// sale.
struct Offers {
    on_channel: bool,
    options: Option<Vec<(OptionId, OptionValueId)>>,
}

impl Offers {
    fn of(product: &Value, flag: &'static str) -> Result<Self, BadShape> {
        let fields = Fields::of(product)?;
        let modifiers = fields.get("modifiers").and_then(|_| modifier::modifiers(fields).ok());
        let values = |of: TillModifier| of.values.into_iter().map(move |value| (of.option.clone(), value.id));
        let on_channel = fields.get(flag).is_none() || fields.flag(flag).unwrap_or(true);
        Ok(Self { on_channel, options: modifiers.map(|all| all.into_iter().flat_map(values).collect()) })
    }
}

/// Reads one sales mode.
pub(crate) fn sales_mode(value: &Value) -> Result<SalesMode, BadShape> {
    let dto: NamedDto = read(value)?;
    let id = dto.id.and_then(|id| SalesModeId::parse(&id).ok()).ok_or(BadShape::NoId)?;
    Ok(SalesMode { id, name: dto.description.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FLAG: &str = "enableForMobileCommerce";

    #[test]
    fn a_product_says_whether_it_is_still_sold_and_what_it_still_offers() {
        let modifiers = json!([{"idOption": "aggiunte", "values": [{"idValue": "bufala"}, {"idValue": "alici"}]}]);
        let read = product(&json!({"id": "p", FLAG: true, "modifiers": modifiers}), FLAG).unwrap();
        let values: Vec<_> =
            read.options.iter().flatten().map(|(option, value)| (option.as_str(), value.as_str())).collect();
        assert_eq!((read.on_channel, values), (true, vec![("aggiunte", "bufala"), ("aggiunte", "alici")]));
        for (flag, expected) in [(json!(false), false), (json!(null), true), (json!({}), true)] {
            let read = product(&json!({"id": "p", FLAG: flag, "modifiers": 7}), FLAG).unwrap();
            assert_eq!((read.on_channel, read.options), (expected, None), "{flag}");
        }
    }

    #[test]
    fn a_product_has_what_a_row_needs() {
        let value = json!({
            "id": "p-1", "description": "Margherita", "idDepartment": "d-1",
            "department": {"id": "d-9", "idTax": "t-1", "tax": {"id": "t-9"}}, "variants": [{"id": "v-1"}]
        });
        let read = product(&value, FLAG).unwrap();
        assert_eq!(read.name, "Margherita");
        assert_eq!(read.variants, [VariantId::parse("v-1").unwrap()]);
        assert_eq!(read.department, DepartmentId::parse("d-1").ok());
        assert_eq!(read.tax, TaxId::parse("t-1").ok());
    }

    #[test]
    fn department_and_tax_are_found_where_they_are_embedded_too() {
        let value = json!({"id": 7, "department": {"id": "d-9", "tax": {"id": "t-9"}}, "variants": null});
        let read = product(&value, FLAG).unwrap();
        assert_eq!((read.id.as_str(), read.variants.len()), ("7", 0));
        assert_eq!((read.department, read.tax), (DepartmentId::parse("d-9").ok(), TaxId::parse("t-9").ok()));
    }

    #[test]
    fn a_variant_that_cannot_be_read_never_makes_a_product_look_simple() {
        assert_eq!(product(&json!({"id": "p", "variants": [{"id": "v"}, {"id": null}]}), FLAG), Err(BadShape::NoId));
        assert_eq!(product(&json!({"id": "p", "variants": [{"id": "v"}, 3]}), FLAG), Err(BadShape::NotAnObject));
    }
}
