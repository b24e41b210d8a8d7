//! The menu as the platform holds it, with the fields that only the platform owns.

use crate::{
    CategoryUpsert, Client, Cursor, DishUpsert, Listing, MenuKind, OptionGroupUpsert, Page, listing::Query,
    orders::FieldError, text, transport::Caller,
};
use app::ports::{PlatformAccess, PlatformError, Work};
use domain::TenantId;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the platform alone owns of any entry: read, never sent. Only an answer makes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlatformOwned {
    /// The platform's id.
    pub id: Option<String>,
    /// Set by a deactivation, cleared by the next upsert.
    pub deactivated: bool,
    /// Texts by locale.
    pub translations: BTreeMap<String, Translation>,
}

/// A text in another language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Translation {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
}

/// What the platform alone owns of a dish (S20 to S24): read, never sent. Only an answer makes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DishOwned {
    /// Labels such as "novità".
    pub labels: Vec<String>,
    /// Ingredients.
    pub ingredients: Vec<String>,
    /// Allergens.
    pub allergens: Vec<String>,
    /// The frozen icon.
    pub frozen: bool,
    /// The platform's own switch, if it says so; a dish can be ordered only if it is also active.
    pub available: Option<bool>,
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MenuItem {
    /// A category.
    Category {
        /// The till's fields.
        till: CategoryUpsert,
        /// The platform's fields.
        platform: PlatformOwned,
    },
    /// A group of options.
    OptionGroup {
        /// The till's fields.
        till: OptionGroupUpsert,
        /// The platform's fields.
        platform: PlatformOwned,
    },
    /// A dish.
    Dish {
        /// The till's fields.
        till: Box<DishUpsert>,
        /// The platform's fields.
        platform: PlatformOwned,
        /// The platform's fields that only dishes have.
        dish: DishOwned,
    },
}

impl MenuItem {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> MenuKind {
        match self {
            Self::Category { .. } => MenuKind::Category,
            Self::OptionGroup { .. } => MenuKind::OptionGroup,
            Self::Dish { .. } => MenuKind::Dish,
        }
    }

    /// The till's id.
    #[must_use]
    pub fn external_id(&self) -> &str {
        match self {
            Self::Category { till, .. } => &till.external_id,
            Self::OptionGroup { till, .. } => &till.external_id,
            Self::Dish { till, .. } => &till.external_id,
        }
    }

    /// The platform's fields.
    #[must_use]
    pub fn platform(&self) -> &PlatformOwned {
        match self {
            Self::Category { platform, .. } | Self::OptionGroup { platform, .. } | Self::Dish { platform, .. } => {
                platform
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemDto {
    kind: String,
    category: Option<Value>,
    option_group: Option<Value>,
    dish: Option<Value>,
}

/// The platform's fields of any entry, the dish's own included.
#[derive(Deserialize)]
struct OwnedDto {
    id: Option<String>,
    deactivated: Option<bool>,
    translations: Option<BTreeMap<String, Option<Translation>>>,
    labels: Option<Vec<String>>,
    ingredients: Option<Vec<String>>,
    allergens: Option<Vec<String>>,
    frozen: Option<bool>,
    available: Option<bool>,
}

impl Client {
    /// `listMenu`: everything that the platform holds, or one kind of it.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn list_menu(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        kind: Option<MenuKind>,
    ) -> Result<Listing<MenuItem>, PlatformError> {
        let query = self.menu_query(tenant, kind, item)?;
        self.listing(Caller { work, access, tenant }, &query).await
    }

    /// Everything that the platform holds, each entry read as `row` says.
    pub(crate) async fn list_menu_as<T>(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        row: impl Fn(Value) -> Result<T, FieldError>,
    ) -> Result<Vec<T>, PlatformError> {
        let query = self.menu_query(tenant, None, row)?;
        Ok(self.listing(Caller { work, access, tenant }, &query).await?.items)
    }

    /// One page of [`Client::list_menu`], for a job that saves its place.
    ///
    /// # Errors
    /// [`PlatformError`], by what the caller does next.
    pub async fn menu_page(
        &self,
        work: &Work,
        access: &PlatformAccess,
        tenant: &TenantId,
        kind: Option<MenuKind>,
        cursor: Option<&Cursor>,
    ) -> Result<Page<MenuItem>, PlatformError> {
        let query = self.menu_query(tenant, kind, item)?;
        self.page(Caller { work, access, tenant }, &query, cursor).await
    }

    fn menu_query<F>(&self, tenant: &TenantId, kind: Option<MenuKind>, row: F) -> Result<Query<F>, PlatformError> {
        let mut url = self.restaurant_url(tenant, &["menu"])?;
        if let Some(kind) = kind {
            url.query_pairs_mut().append_pair("kind", kind.name());
        }
        Ok(Query { what: "menu", url, row })
    }
}

pub(crate) fn item(value: Value) -> Result<MenuItem, FieldError> {
    let dto: ItemDto = part(value, "menu")?;
    match dto.kind.as_str() {
        "category" => {
            let (till, owned) = halves(dto.category, "category")?;
            Ok(MenuItem::Category { till, platform: owned.of_any() })
        }
        "optionGroup" => {
            let (till, owned) = halves(dto.option_group, "optionGroup")?;
            Ok(MenuItem::OptionGroup { till, platform: owned.of_any() })
        }
        "dish" => {
            let (till, mut owned): (_, OwnedDto) = halves(dto.dish, "dish")?;
            let dish = owned.take_dish();
            Ok(MenuItem::Dish { till: Box::new(till), platform: owned.of_any(), dish })
        }
        _ => Err("menu.kind".to_owned()),
    }
}

/// The two owners' fields of one entry.
fn halves<T: DeserializeOwned>(value: Option<Value>, what: &str) -> Result<(T, OwnedDto), FieldError> {
    let value = value.ok_or_else(|| format!("menu.missing.{what}"))?;
    Ok((part(value.clone(), what)?, part(value, what)?))
}

fn part<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, FieldError> {
    serde_json::from_value(value).map_err(|error| format!("{what}.{}", text::shape(&error)))
}

impl OwnedDto {
    fn take_dish(&mut self) -> DishOwned {
        DishOwned {
            labels: self.labels.take().unwrap_or_default(),
            ingredients: self.ingredients.take().unwrap_or_default(),
            allergens: self.allergens.take().unwrap_or_default(),
            frozen: self.frozen.unwrap_or_default(),
            available: self.available,
        }
    }

    fn of_any(self) -> PlatformOwned {
        let translations = self.translations.unwrap_or_default();
        PlatformOwned {
            id: self.id,
            deactivated: self.deactivated.unwrap_or_default(),
            translations: translations.into_iter().map(|(locale, text)| (locale, text.unwrap_or_default())).collect(),
        }
    }
}
