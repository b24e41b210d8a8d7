//! The stories that the demo tells.

use super::{menu, timeline::Timeline};
use crate::shop::Shop;
use anyhow::Result;
use serde_json::json;
use simulator::{ActionOptions, FaultKind, FaultSpec, Item, PlaceOrder, TillAction, WebhookMode};
use std::io::Write;

/// One story.
pub(super) struct Story {
    /// What it shows.
    pub(super) title: &'static str,
    plot: Plot,
}

#[derive(Clone, Copy)]
enum Plot {
    FirstMenu,
    NewPrice,
    OffTheChannel,
    Deleted,
    MassDeletion,
    Untouched,
    Takeaway,
    PrepaidDelivery,
    Refused,
    LostWebhook,
    TillLimit,
    TillDown,
}

/// Every story, in the order in which they are told.
pub(super) const ALL: [Story; 12] = [
    Story { title: "1. The first reading of the till: sixty dishes with their options", plot: Plot::FirstMenu },
    Story { title: "2. A new price at the till is the platform's a moment later", plot: Plot::NewPrice },
    Story { title: "3. A dish taken off the channel at the till cannot be ordered", plot: Plot::OffTheChannel },
    Story { title: "4. A dish deleted at the till: out of sale, kept for a person to delete", plot: Plot::Deleted },
    Story { title: "5. Half a menu deleted by mistake: held back until it is mended", plot: Plot::MassDeletion },
    Story { title: "6. What belongs to the platform was never touched", plot: Plot::Untouched },
    Story { title: "7. A take-away order, accepted and completed at the till", plot: Plot::Takeaway },
    Story { title: "8. A delivery paid online: evaso only with its receipt", plot: Plot::PrepaidDelivery },
    Story { title: "9. An order refused at the till, with the reason", plot: Plot::Refused },
    Story { title: "10. A webhook of the till is lost: polling finds the acceptance", plot: Plot::LostWebhook },
    Story { title: "11. The till refuses the order for a limit: staff are told what to do", plot: Plot::TillLimit },
    Story { title: "12. The till is down for a moment: nothing is lost, nothing is doubled", plot: Plot::TillDown },
];

impl Story {
    /// Plays it; any word that is missing, wrong or too many is an error.
    pub(super) async fn play(&self, shop: &Shop, out: &mut impl Write) -> Result<()> {
        match self.plot {
            Plot::FirstMenu => menu::first(shop, out).await,
            Plot::NewPrice => menu::new_price(shop, out).await,
            Plot::OffTheChannel => menu::off_the_channel(shop, out).await,
            Plot::Deleted => menu::deleted(shop, out).await,
            Plot::MassDeletion => menu::mass_deletion(shop, out).await,
            Plot::Untouched => menu::untouched(shop, out).await,
            Plot::Takeaway => takeaway(shop, out).await,
            Plot::PrepaidDelivery => prepaid_delivery(shop, out).await,
            Plot::Refused => refused(shop, out).await,
            Plot::LostWebhook => lost_webhook(shop, out).await,
            Plot::TillLimit => till_limit(shop, out).await,
            Plot::TillDown => till_down(shop, out).await,
        }
    }
}

fn pizzas() -> PlaceOrder {
    let items = vec![Item::new("Margherita", 2).option("Mozzarella di bufala"), Item::new("Acqua naturale", 1)];
    let restaurant = Some("rest-demo".to_owned());
    PlaceOrder { items, restaurant, notes: Some("ben cotta".to_owned()), ..PlaceOrder::default() }
}

async fn takeaway(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut order = Timeline::place(shop, out, pizzas()).await?;
    order.staff_are_told("delivered", "").await?;
    shop.simulator.accept(&order.id).await?;
    order.line("till", "accepted")?;
    order.customer_is_told("confirmed").await?;
    shop.simulator.ready(&order.id).await?;
    order.line("till", "ready")?;
    shop.simulator.complete(&order.id).await?;
    order.line("till", "completed")?;
    order.customer_is_told("evaso").await?;
    order.customer_hears_nothing_more()
}

async fn prepaid_delivery(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let placed = PlaceOrder {
        service: "delivery".to_owned(),
        payment: "online".to_owned(),
        notes: Some("ALLERGIA: noci".to_owned()),
        fees: vec![json!({"kind": "delivery", "name": "Consegna", "amountCents": 250})],
        discounts: vec![json!({"name": "Benvenuto", "amountCents": 199})],
        ..pizzas()
    };
    let mut order = Timeline::place(shop, out, placed).await?;
    order.staff_are_told("delivered", "").await?;
    let note = shop.simulator.till_order(&order.id).map(|till| till["entity"]["document"]["note"].clone());
    order.line("till", &format!("prints: {}", note.as_ref().and_then(|note| note.as_str()).unwrap_or_default()))?;
    shop.simulator.accept(&order.id).await?;
    order.line("till", "accepted")?;
    order.customer_is_told("confirmed").await?;
    shop.simulator.till_action(&order.id, TillAction::Ship, ActionOptions::default()).await?;
    shop.simulator.complete(&order.id).await?;
    order.line("till", "shipped and completed, no receipt yet")?;
    order.customer_hears_nothing_more()?;
    shop.simulator.receipt(&order.id).await?;
    order.line("till", "prints the receipt")?;
    order.customer_is_told("evaso").await?;
    order.customer_hears_nothing_more()
}

async fn refused(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut order = Timeline::place(shop, out, pizzas()).await?;
    order.staff_are_told("delivered", "").await?;
    shop.simulator.refuse(&order.id, "Cucina al completo").await?;
    order.line("till", "refused: Cucina al completo")?;
    order.customer_is_told("rejected").await?;
    order.customer_hears_nothing_more()
}

async fn lost_webhook(shop: &Shop, out: &mut impl Write) -> Result<()> {
    let mut order = Timeline::place(shop, out, pizzas()).await?;
    order.staff_are_told("delivered", "").await?;
    let lost = ActionOptions::webhook(WebhookMode::Lose);
    shop.simulator.till_action(&order.id, TillAction::Accept, lost).await?;
    order.line("till", "accepted, and its webhook is lost")?;
    order.customer_hears_nothing_more()?;
    shop.run_job("reconcile").await?;
    order.line("ponte", "compares the open orders with the till")?;
    order.customer_is_told("confirmed").await?;
    shop.simulator.complete(&order.id).await?;
    order.line("till", "completed")?;
    order.customer_is_told("evaso").await?;
    order.customer_hears_nothing_more()
}

async fn till_limit(shop: &Shop, out: &mut impl Write) -> Result<()> {
    shop.simulator.configure(&json!({"till": {"order_limit": "limite di ordini per fascia"}}))?;
    let mut order = Timeline::place(shop, out, pizzas()).await?;
    let told = order.staff_are_told("failed", "Impostazioni > Ordini").await;
    shop.simulator.configure(&json!({"till": {"order_limit": null}}))?;
    told?;
    order.customer_hears_nothing_more()
}

async fn till_down(shop: &Shop, out: &mut impl Write) -> Result<()> {
    shop.simulator.arm_fault(FaultSpec::new("GET /products", FaultKind::Unavailable).times(2));
    let mut order = Timeline::place(shop, out, pizzas()).await?;
    order.staff_are_told("pending", "").await?;
    order.staff_are_told("delivered", "").await?;
    anyhow::ensure!(shop.simulator.till_order(&order.id).is_some(), "the order is not on the till");
    shop.simulator.accept(&order.id).await?;
    order.line("till", "accepted")?;
    order.customer_is_told("confirmed").await?;
    order.customer_hears_nothing_more()
}
