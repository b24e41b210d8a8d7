//! Webhooks of the platform: Standard Webhooks, one set of secrets for all restaurants.

use crate::{Answer, Refused, Request, Webhook, YOUNG};
use app::{
    message::{OrderEvent, SyncJob},
    ports::{Clock, Freshness, OrderQueue, SyncQueue, Tenants},
};
use domain::TenantId;
use plateform::{PlatformEvent, RawWebhook, VerifiedWebhook};

impl<N: Tenants, O: OrderQueue, S: SyncQueue, C: Clock> Webhook<N, O, S, C> {
    /// `whose` is set once the signature holds: one secret signs for all restaurants.
    pub(crate) async fn accept_platform(
        &self,
        request: &Request<'_>,
        whose: &mut Option<TenantId>,
    ) -> Result<Answer, Refused> {
        let body = request.bytes()?;
        let raw = RawWebhook {
            id: request.header("webhook-id"),
            timestamp: request.header("webhook-timestamp"),
            signature: request.header("webhook-signature"),
            body: &body,
        };
        let envelope = self.verify_platform(raw).await?.parse()?;
        let tenant = &*whose.insert(envelope.restaurant_id().clone());
        let access = self.tenants.tenant(tenant, Freshness::Cached).await?.ok_or(Refused::UnknownTenant)?;
        match envelope.event(&access.tenant.time_zone)? {
            PlatformEvent::OrderCreated(order) => {
                self.queue_order(self.order_message(request, tenant, OrderEvent::Placed { order })).await?;
            }
            PlatformEvent::OrderCancelled { order, .. } => {
                self.queue_order(self.order_message(request, tenant, OrderEvent::Cancelled { order })).await?;
            }
            PlatformEvent::CustomerChanged(_) => self.queue_sync(request, tenant, SyncJob::Changed).await?,
            PlatformEvent::SyncRequested => self.queue_sync(request, tenant, SyncJob::Requested).await?,
            PlatformEvent::Unknown { .. } => return Ok(Answer::ignored()),
        }
        Ok(Answer::queued(202))
    }

    async fn verify_platform<'a>(&self, raw: RawWebhook<'a>) -> Result<VerifiedWebhook<'a>, Refused> {
        let now = self.clock.now();
        let access = self.tenants.platform(Freshness::Cached).await?;
        let refused = match raw.verify(&access.webhook_secrets, now) {
            Ok(verified) => return Ok(verified),
            Err(refused) => refused,
        };
        let may_be_stale = refused == plateform::WebhookError::SignatureWrong;
        if !may_be_stale || now.duration_since(access.read_at) < YOUNG {
            return Err(refused.into());
        }
        let access = self.tenants.platform(Freshness::Reload).await?;
        Ok(raw.verify(&access.webhook_secrets, now)?)
    }
}
