//! The till's answers: each is read or refused by the real client. Amounts are read faithfully, no row is made up, and an
//! answer that is no success never passes for one.
//!
//! What is asked is the first word of the input (`answers`).

use super::{
    answers::{Party, Told},
    money,
    texts::assert_loggable,
    world::{moment, run, till_access, work},
};
use app::{
    memory::ManualClock,
    ports::{
        Clock, TenantAccess, Till, TillError, Work,
        doctor::{TillSetup, TillWebhooks},
        menu::{Page, Slice, TillCatalogue},
    },
};
use cassa_in_cloud::{Client, Settings};
use domain::{
    OrderId, ProductId, TillOrderId,
    menu::{
        mapping,
        till::{Catalogue, TillCategory, TillPrice, TillProduct},
    },
    till::TillOrder,
};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::{cell::RefCell, sync::Arc};

/// Longer than any token or list is believed.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(25);

/// After so many inputs the clock begins anew.
const INPUTS: u32 = 100_000;

/// A client of the till in which nothing is left of the input before.
struct Stage {
    party: Party,
    client: Client,
    clock: ManualClock,
    access: TenantAccess,
    inputs: u32,
}

impl Stage {
    fn new(party: Party) -> Self {
        let clock = ManualClock::at(moment());
        let settings = Settings { base_url: party.url.clone(), ..Settings::default() };
        let client = Client::with_clock(&settings, Arc::new(clock.clone())).expect("a client");
        Self { party, client, clock, access: till_access(), inputs: 0 }
    }
}

thread_local! {
    static STAGE: RefCell<Option<Stage>> = const { RefCell::new(None) };
}

pub(super) fn check(data: &[u8]) {
    let Some(told) = Told::read(data) else { return };
    STAGE.with_borrow_mut(|stage| {
        if stage.as_ref().is_none_or(|stage| stage.inputs == INPUTS) {
            let party = stage.take().map_or_else(Party::start, |stage| stage.party);
            *stage = Some(Stage::new(party));
        }
        let stage = stage.as_mut().expect("a stage");
        stage.inputs += 1;
        stage.clock.advance(FORGOTTEN);
        stage.party.answer_with(&told);
        match run(ask(stage, &told)) {
            Some(Err(error)) => assert_loggable(&error.to_string()),
            Some(Ok(())) => assert!(
                told.is_success() || told.what == "token" || told.is_excused(),
                "{} passes for a success",
                told.status
            ),
            None => {}
        }
    });
}

impl Told<'_> {
    /// What the till need not have, and may refuse.
    fn is_excused(&self) -> bool {
        let is_missing = self.status == 404 || self.says("invalidid");
        match self.what {
            "order" => is_missing,
            "webhooks" | "option_names" => is_missing || self.status == 403,
            _ => false,
        }
    }

    fn says(&self, word: &str) -> bool {
        self.bodies.iter().any(|body| String::from_utf8_lossy(body).to_lowercase().contains(word))
    }

    fn ids(&self) -> Vec<String> {
        self.rows().iter().filter_map(|row| text(row.get("id")?)).collect()
    }
}

/// Asks for what is told; none if there is no such thing to ask.
async fn ask(stage: &Stage, told: &Told<'_>) -> Option<Result<(), TillError>> {
    let (client, access, work) = (&stage.client, &stage.access, &work());
    let (now, slice) = (stage.clock.now(), Slice { start: 0, limit: 100, changed_since: None });
    let mode = access.tenant.sales_mode_takeaway.as_str();
    Some(match told.what {
        "order" => order(client, access, work, told).await,
        "orders" => client.orders(work, access, now, now).await.map(|orders| orders_hold(&orders, told)),
        "documents" => {
            let links = client.documented_orders(work, access, now, now).await;
            links.map(|links| assert!(links.iter().all(|link| link.external_id.is_some() || link.till_order.is_some())))
        }
        "products" => {
            let shown = told.ids().into_iter().chain(["p-1".to_owned()]);
            let ids: Vec<ProductId> = shown.filter_map(|id| ProductId::parse(&id).ok()).collect();
            let found = client.products(work, access, &ids).await;
            found.map(|found| assert!(found.iter().all(|product| ids.contains(&product.id))))
        }
        "categories" => client.categories(work, access, slice).await.map(|page| categories_hold(page, told)),
        "dishes" => client.catalogue_products(work, access, slice).await.map(|page| dishes_hold(page, told)),
        "option_names" => client.option_names(work, access).await.map(drop),
        "sales_modes" => client.sales_modes(work, access).await.map(drop),
        "sales_mode" => {
            let found = client.sales_mode(work, access, mode).await;
            found.map(|found| assert!(found.is_none_or(|found| found.name == mode)))
        }
        "every_sales_mode" => client.every_sales_mode(work, access).await.map(drop),
        "customers" => {
            let found = client.customers_by_email(work, access, "cliente@example.test").await;
            let rows = told.rows();
            found.map(|found| assert!(found.iter().all(|found| rows.contains(&Value::Object(found.record.clone())))))
        }
        "customer" => client.create_customer(work, access, &Map::new()).await.map(drop),
        "created" => {
            let order = OrderId::parse("plt-order-1001").expect("an id");
            let created = client.create_order(work, access, &order, "{}").await;
            created.map(|id| assert!(told.says(&id.as_str().to_lowercase()) || id.as_str().parse::<f64>().is_ok()))
        }
        "sales_points" => {
            client.sales_points(work, access).await.map(|points| assert!(points.len() <= told.rows().len()))
        }
        "webhooks" => client.webhooks(work, access).await.map(drop),
        "till_time" => client.till_time(work, access).await.map(drop),
        "token" => client.every_sales_mode(work, access).await.map(drop),
        _ => return None,
    })
}

/// A text, or a number as text.
fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string))
}

async fn order(client: &Client, access: &TenantAccess, work: &Work, told: &Told<'_>) -> Result<(), TillError> {
    let shown = told.objects().into_iter().next().and_then(|object| object.get("order").cloned());
    let id = shown.as_ref().and_then(|order| text(order.get("id")?));
    let id = id.and_then(|id| TillOrderId::parse(&id).ok());
    // Two segments are no id in a path: such a call is never made.
    let id = id.filter(|id| ![".", ".."].contains(&id.as_str())).unwrap_or(TillOrderId::parse("t-1").expect("an id"));
    let found = client.order(work, access, &id).await?;
    if let (Some(order), Some(shown)) = (found, shown) {
        assert_eq!(order.id, id);
        money::assert_read(shown.pointer("/document/amount"), order.amount);
    }
    Ok(())
}

fn orders_hold(orders: &[TillOrder], told: &Told<'_>) {
    let rows = told.rows();
    for (place, order) in orders.iter().enumerate() {
        assert!(orders[..place].iter().all(|other| other.id != order.id), "an order twice");
        let is_row = |row: &&Value| row.get("id").and_then(text).as_deref() == Some(order.id.as_str());
        let mut shown = rows.iter().filter(is_row).map(|row| row.pointer("/document/amount"));
        assert!(shown.any(|amount| money::is_faithful(amount, order.amount)), "{order:?} is none of the rows");
    }
}

/// What holds of any page, and the catalogue that it is a part of.
fn page_holds<T>(page: &Page<T>, key: &str, told: &Told<'_>) {
    let sent = told.objects().first().and_then(|object| object.get(key)?.as_array().map(Vec::len));
    assert_eq!(page.sent, sent.unwrap_or_default(), "rows were made up or lost");
    assert!(page.rows.len() + page.unreadable.len() <= page.sent);
}

fn categories_hold(page: Page<TillCategory>, told: &Told<'_>) {
    page_holds(&page, "categories", told);
    menu_holds(&Catalogue { categories: page.rows, ..Catalogue::default() });
}

fn dishes_hold(page: Page<TillProduct>, told: &Told<'_>) {
    page_holds(&page, "products", told);
    let rows = told.rows();
    for product in &page.rows {
        let is_row = |row: &&Value| row.get("id").and_then(text).as_deref() == Some(product.id.as_str());
        let mut shown = rows.iter().filter(is_row);
        assert!(shown.any(|row| prices_are(row, &product.prices)), "{:?} are none of the rows' prices", product.prices);
    }
    let ids = page.rows.iter().filter_map(|product| product.category.clone());
    let category = |id| TillCategory { id, name: "Categoria".to_owned(), on_channel: true, ..TillCategory::default() };
    let mode = page.rows.iter().flat_map(|product| &product.prices).find_map(|price| price.mode.clone());
    let categories = ids.map(category).collect();
    menu_holds(&Catalogue {
        categories,
        products: page.rows,
        takeaway: mode.clone(),
        delivery: mode,
        ..Catalogue::default()
    });
}

fn prices_are(row: &Value, prices: &[TillPrice]) -> bool {
    let shown = row.get("prices").and_then(Value::as_array).cloned().unwrap_or_default();
    let shown: Vec<&Value> = shown.iter().filter(|price| !price.is_null()).collect();
    let pairs = shown.iter().zip(prices);
    shown.len() == prices.len()
        && pairs.into_iter().all(|(shown, read)| money::is_faithful(shown.get("value"), read.value))
}

/// The mapping is total, says the same twice, and offers nothing for less than nothing.
fn menu_holds(catalogue: &Catalogue) {
    let tenant = super::world::tenant_with(json!({}), "refuse");
    let mapped = mapping::map(catalogue, &tenant);
    assert_eq!(mapped, mapping::map(catalogue, &tenant));
    for dish in mapped.menu.dishes() {
        for price in [dish.takeaway, dish.delivery] {
            assert!(!price.orderable || !price.price.is_negative(), "{dish:?}");
        }
    }
}
