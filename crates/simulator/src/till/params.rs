//! Which parameters each list call takes, and how they are typed.

use serde_json::Value;

/// How a parameter is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Flag,
    Text,
    /// Epoch milliseconds, bare, or a quoted day.
    Moment,
    Integers,
    Texts,
    Channels,
    /// Known by name only; every form seen so far was answered with 500.
    Sorts,
}

/// A parameter's name and type.
pub(crate) type ParamSpec = (&'static str, Kind);

const START: ParamSpec = ("start", Kind::Integer);
const LIMIT: ParamSpec = ("limit", Kind::Integer);
const SORTS: ParamSpec = ("sorts", Kind::Sorts);
const IDS: ParamSpec = ("ids", Kind::Texts);
const POINTS: ParamSpec = ("idsSalesPoint", Kind::Integers);
const DESCRIPTION: ParamSpec = ("description", Kind::Text);
const UPDATED_FROM: ParamSpec = ("lastUpdateFrom", Kind::Moment);
const UPDATED_TO: ParamSpec = ("lastUpdateTo", Kind::Moment);
const CHANNELS: ParamSpec = ("enabledForChannels", Kind::Channels);
const LISTED: ParamSpec = ("itemListVisibility", Kind::Flag);
const FROM: ParamSpec = ("datetimeFrom", Kind::Moment);
const TO: ParamSpec = ("datetimeTo", Kind::Moment);

pub(crate) const SALES_POINTS: &[ParamSpec] = &[START, LIMIT, ("hasActiveLicense", Kind::Flag)];
pub(crate) const PLAIN: &[ParamSpec] = &[START, LIMIT, SORTS, IDS, POINTS, DESCRIPTION, UPDATED_FROM, UPDATED_TO];
pub(crate) const DEPARTMENTS: &[ParamSpec] =
    &[START, LIMIT, SORTS, IDS, POINTS, DESCRIPTION, UPDATED_FROM, UPDATED_TO, ("idsTax", Kind::Texts)];
pub(crate) const CATEGORIES: &[ParamSpec] =
    &[START, LIMIT, SORTS, IDS, POINTS, DESCRIPTION, UPDATED_FROM, UPDATED_TO, CHANNELS, LISTED];
pub(crate) const PRODUCTS: &[ParamSpec] = &[
    START,
    LIMIT,
    SORTS,
    IDS,
    POINTS,
    DESCRIPTION,
    UPDATED_FROM,
    UPDATED_TO,
    CHANNELS,
    LISTED,
    ("idsCategory", Kind::Texts),
    ("idsDepartment", Kind::Texts),
    ("externalId", Kind::Texts),
    ("multiVariant", Kind::Flag),
    ("menu", Kind::Flag),
    ("composition", Kind::Flag),
    ("soldOnlyInComposition", Kind::Flag),
];
pub(crate) const CUSTOMERS: &[ParamSpec] = &[
    START,
    LIMIT,
    SORTS,
    IDS,
    ("name", Kind::Text),
    ("email", Kind::Text),
    ("vatNumber", Kind::Text),
    ("fiscalCode", Kind::Text),
    ("idsOrganization", Kind::Texts),
    UPDATED_FROM,
    UPDATED_TO,
];
pub(crate) const ORDERS: &[ParamSpec] = &[START, LIMIT, SORTS, POINTS, FROM, TO, ("idTables", Kind::Texts)];
pub(crate) const RECEIPTS: &[ParamSpec] = &[
    START,
    LIMIT,
    SORTS,
    POINTS,
    FROM,
    TO,
    ("numbers", Kind::Integers),
    ("numberFrom", Kind::Integer),
    ("numberTo", Kind::Integer),
    ("zNumber", Kind::Integer),
    ("idCustomers", Kind::Texts),
    ("idOrganizations", Kind::Texts),
];
pub(crate) const WEBHOOKS: &[ParamSpec] = &[START, LIMIT];

/// The flag behind a channel's name.
pub(crate) fn channel_flag(channel: &Value) -> Option<&'static str> {
    match channel.as_str()? {
        "RISTO" => Some("enableForRisto"),
        "SALE" => Some("enableForSale"),
        "ECOMMERCE" => Some("enableForECommerce"),
        "MOBILE_COMMERCE" => Some("enableForMobileCommerce"),
        "SELF_ORDER" => Some("enableForSelfOrderMenu"),
        "KIOSK" => Some("enableForKiosk"),
        _ => None,
    }
}
