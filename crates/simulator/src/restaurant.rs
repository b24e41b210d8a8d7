//! What makes one restaurant: its place on the platform, its sales point on the till, and the secrets of both.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A pair of a platform restaurant and a till sales point.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestaurantSpec {
    /// Id on the platform, and the tenant in the path of till webhooks.
    pub restaurant_id: String,
    /// Name on both sides.
    pub name: String,
    /// Sales point on the till.
    pub sales_point_id: i64,
    /// Key of the till's account; two restaurants may share one.
    pub api_key: String,
    /// Secret of every till webhook that has none of its own.
    pub till_webhook_secret: String,
    /// Secrets of single entities, such as `RECEIPT`, which the till's portal issues one by one.
    pub till_webhook_secrets: BTreeMap<String, String>,
    /// Bearer token of the platform.
    pub plateform_token: String,
    /// Secret (`whsec_...`) with which the platform signs.
    pub plateform_webhook_secret: String,
    /// What the till's catalogue starts with.
    pub menu: MenuChoice,
    /// Further simple products, for large catalogues.
    pub extra_products: usize,
    /// Whether menus are matched to the services on the platform.
    pub menus_assigned: bool,
}

/// What the till's catalogue starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MenuChoice {
    /// The pizzeria.
    #[default]
    Demo,
    /// The pizzeria's menu among fifty-three dishes more.
    Trattoria,
    /// Nothing at all, not even taxes and sales modes.
    None,
}

/// What the vendor has done to an API key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Works.
    #[default]
    Active,
    /// No new token (400), and tokens already out are refused with 401.
    Revoked,
    /// The account has lost its Enterprise licence: 403 on every path.
    Unlicensed,
}

impl Default for RestaurantSpec {
    fn default() -> Self {
        Self {
            restaurant_id: "rest-demo".into(),
            name: "Pizzeria di Prova".into(),
            sales_point_id: 90101,
            api_key: "demo-api-key-not-real".into(),
            till_webhook_secret: "demo-till-secret".into(),
            till_webhook_secrets: BTreeMap::new(),
            plateform_token: "demo-plateform-token".into(),
            plateform_webhook_secret: "whsec_cGxhdGVmb3JtLWRlbW8tc2VjcmV0LW5vdC1yZWFs".into(),
            menu: MenuChoice::Demo,
            extra_products: 0,
            menus_assigned: true,
        }
    }
}

impl RestaurantSpec {
    /// The demo restaurant, whose receipts are signed with a secret of their own.
    pub fn demo() -> Self {
        let receipt = ("RECEIPT".to_owned(), "demo-till-receipt-secret".to_owned());
        Self { till_webhook_secrets: BTreeMap::from([receipt]), ..Self::default() }
    }

    /// The demo restaurant with the trattoria's menu, of which sixty dishes can be shown on the platform.
    pub fn trattoria() -> Self {
        Self { name: "Trattoria di Prova".into(), menu: MenuChoice::Trattoria, ..Self::demo() }
    }

    /// Another restaurant with its own id, sales point and key, and the demo's menu.
    pub fn numbered(number: u16) -> Self {
        Self {
            restaurant_id: format!("rest-{number}"),
            name: format!("Trattoria {number}"),
            sales_point_id: 90200 + i64::from(number),
            api_key: format!("api-key-{number}-not-real"),
            till_webhook_secret: format!("till-secret-{number}"),
            ..Self::default()
        }
    }

    /// The secret that signs webhooks of this entity.
    pub fn secret_of(&self, entity: &str) -> &str {
        self.till_webhook_secrets.get(entity).unwrap_or(&self.till_webhook_secret)
    }

    /// Every secret with which the till may sign for this restaurant.
    pub fn all_till_secrets(&self) -> Vec<String> {
        let own = self.till_webhook_secrets.values().cloned();
        std::iter::once(self.till_webhook_secret.clone()).chain(own).collect()
    }
}
