//! A restaurant where everything is as it should be, to be broken.

use super::super::{
    CheckId, Checked, Clocks, HeldEntry, Known, Lang, MenuSeen, Observations, RestaurantSeen, TillSalesPoint,
    TillWebhook, Verdict, examine,
};
use crate::{
    Cents, SalesModeId,
    menu::{
        mapping::map,
        till::{Catalogue, TillCategory, TillPrice, TillProduct},
    },
    order::Service,
    tenant::Tenant,
    till::SalesMode,
};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) fn tenant_with(policies: &Value) -> Tenant {
    let record = json!({"tenant_id": "rest-1", "cic": {"sales_point_id": 90101}, "policies": policies});
    Tenant::from_record(record.as_object().unwrap()).unwrap()
}

pub(super) fn tenant() -> Tenant {
    tenant_with(&json!({}))
}

pub(super) fn mode(id: &str, name: &str) -> SalesMode {
    SalesMode { id: SalesModeId::parse(id).unwrap(), name: name.to_owned() }
}

pub(super) fn price(list: &str, cents: i64) -> TillPrice {
    TillPrice { mode: SalesModeId::parse(list).ok(), sales_point: None, value: Some(Cents(cents)) }
}

pub(super) fn product(id: &str, name: &str) -> TillProduct {
    TillProduct {
        id: id.to_owned(),
        name: name.to_owned(),
        text: String::new(),
        category: Some("pizze".to_owned()),
        on_channel: true,
        prices: vec![price("takeaway", 700), price("delivery", 800)],
        variants: 1,
        multivariant: false,
        menu: false,
        composition: false,
        by_weight: false,
        modifiers: vec![],
        images: vec![],
        vat_rate: None,
        sales_point: None,
    }
}

fn catalogue() -> Catalogue {
    let pizze = TillCategory {
        id: "pizze".to_owned(),
        name: "Pizze".to_owned(),
        on_channel: true,
        modifiers: vec![],
        image: None,
        sales_point: None,
    };
    Catalogue {
        categories: vec![pizze],
        products: vec![product("p1", "Margherita"), product("p2", "Diavola")],
        takeaway: SalesModeId::parse("takeaway").ok(),
        delivery: SalesModeId::parse("delivery").ok(),
        ..Catalogue::default()
    }
}

pub(super) fn hook(entity: &str, events: &[&str]) -> TillWebhook {
    TillWebhook {
        entity: entity.to_owned(),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
        url: "https://ponte.example.test/webhooks/cic/rest-1".to_owned(),
        is_paused: false,
        sales_points: vec![],
    }
}

pub(super) fn healthy() -> Observations {
    let catalogue = catalogue();
    let held = map(&catalogue, &tenant()).menu.entries.into_keys();
    let held = held.map(|key| HeldEntry { name: key.clone(), key, is_deactivated: false }).collect();
    Observations {
        sales_points: Ok(vec![TillSalesPoint { id: 90101, name: "Sede".to_owned(), is_licensed: true }]),
        modes: Ok(vec![mode("m1", "plateform_takeaway"), mode("m2", "plateform_delivery"), mode("m3", "Sala")]),
        menu: Ok(MenuSeen { catalogue, unreadable: BTreeSet::new(), is_complete: true }),
        held: Ok(held),
        webhooks: Ok(vec![hook("ORDER", &["EDIT", "DELETE"]), hook("RECEIPT", &["CREATE"])]),
        webhook_secrets: 1,
        restaurant: Ok(RestaurantSeen {
            services: vec![(Service::Takeaway, true), (Service::Delivery, true)],
            has_menu: true,
        }),
        clocks: Clocks { till: Ok(SignedDuration::ZERO), platform: Ok(SignedDuration::ZERO) },
        known: Ok(Known { has_written: true, has_order: true, is_synced: true, ..Known::default() }),
    }
}

pub(super) fn look(id: CheckId, tenant: &Tenant, seen: &Observations) -> (Verdict, String) {
    let checked: Vec<Checked> = examine(tenant, seen);
    let found = checked.into_iter().find(|checked| checked.id == id).unwrap();
    (found.verdict, found.told(Lang::En).saw)
}

/// Breaks a healthy restaurant and looks; before and after the breaking it is green.
pub(super) fn broken(id: CheckId, break_it: impl FnOnce(&mut Observations)) -> (Verdict, String) {
    let (tenant, mut seen) = (tenant(), healthy());
    assert_eq!(look(id, &tenant, &seen).0, Verdict::Green, "{id:?} before");
    break_it(&mut seen);
    let found = look(id, &tenant, &seen);
    assert_eq!(look(id, &tenant, &healthy()).0, Verdict::Green, "{id:?} mended");
    found
}

pub(super) fn said(verdict: Verdict, text: &str) -> (Verdict, String) {
    (verdict, text.to_owned())
}
