//! From an order received to the intent to send it: what the till has is read now, never remembered.

use super::{Failure, World, session::Session};
use crate::ports::{Till, TillError};
use domain::{
    draft::{Catalogue, Drafted, NoteRoom, draft, wanted_products},
    lifecycle::{Body, Event},
    messages,
    order::{Order, Service},
    tenant::Activity,
};

impl<W: World> Session<'_, W> {
    /// Makes the order ready, or says for good that it will not be sent.
    pub(super) async fn prepare(&mut self, order: &Order) -> Result<(), Failure> {
        if let Some(message) = self.not_to_be_sent() {
            self.apply(&Event::NotSent { message: message.to_owned() });
            return Ok(());
        }
        self.may_call()?;
        match self.intent(order).await {
            Ok(event) => {
                self.apply(&event);
                Ok(())
            }
            Err(error) if error.is_retryable() => self.unreachable(error),
            Err(error) => {
                let refused = matches!(error, TillError::KeyRefused { .. });
                if refused && self.key_was_replaced().await? {
                    return self.unreachable(error);
                }
                tracing::error!(order.id = %order.id, %error, "the till refuses to be read; staff are told");
                let message = if refused { messages::KEY_REFUSED } else { messages::TILL_FAULT };
                self.apply(&Event::NotSent { message: message.to_owned() });
                Ok(())
            }
        }
    }

    /// Why an order must not go to the till whatever the till says, if so.
    pub(super) fn not_to_be_sent(&self) -> Option<&'static str> {
        let tenant = &self.subject.access.tenant;
        if tenant.activity == Activity::Paused {
            return Some(messages::PAUSED);
        }
        let too_old = self.now().duration_since(self.state.wished_at) > tenant.too_old;
        too_old.then_some(messages::TOO_OLD)
    }

    async fn intent(&mut self, order: &Order) -> Result<Event, TillError> {
        let (work, access) = (self.subject.work, self.subject.access);
        let till = self.orders.world.till();
        let mode = match order.service {
            Service::Takeaway => &access.tenant.sales_mode_takeaway,
            Service::Delivery => &access.tenant.sales_mode_delivery,
        };
        let Some(sales_mode) = till.sales_mode(work, access, mode).await? else {
            return Ok(Event::NotSent { message: messages::no_sales_mode(mode) });
        };
        let products = till.products(work, access, &wanted_products(order, &access.tenant)).await?;
        let products = products.into_iter().map(|product| (product.id.clone(), product)).collect();
        let (customer, finding) = self.customer(&order.customer).await?;
        let catalogue = Catalogue { products, sales_mode: sales_mode.id };

        for room in NoteRoom::LADDER {
            let drafted = match draft(order, &access.tenant, &catalogue, customer.clone(), self.now(), room) {
                Ok(drafted) => drafted,
                Err(refusal) => return Ok(Event::NotSent { message: refusal.message() }),
            };
            match till.order_body(&drafted.draft) {
                Ok(body) => return Ok(intended(drafted, body, finding)),
                Err(TillError::TooLarge) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Event::NotSent { message: messages::TOO_LARGE.to_owned() })
    }
}

fn intended(drafted: Drafted, body: String, finding: Option<&'static str>) -> Event {
    let notice: Vec<String> = finding.map(str::to_owned).into_iter().chain(drafted.findings).collect();
    Event::Intended {
        date: drafted.draft.date,
        due: drafted.draft.due,
        body: Body::new(body),
        notice: notice.join(" "),
    }
}
