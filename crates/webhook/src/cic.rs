//! Webhooks of the till: HMAC-SHA1 over the raw body, one secret for each entity (API sheet section 7).

use crate::{Answer, Refused, Request, Webhook, YOUNG};
use app::{
    message::{OrderEvent, SyncJob},
    ports::{Clock, Freshness, OrderQueue, SyncQueue, TenantAccess, Tenants},
};
use cassa_in_cloud::webhook::{RawWebhook, TillEvent, VerifiedWebhook, WebhookError};
use domain::{SalesPointId, TenantId};
use std::sync::Arc;

impl<N: Tenants, O: OrderQueue, S: SyncQueue, C: Clock> Webhook<N, O, S, C> {
    /// `whose` is set where there is such a tenant, also when its webhook is refused.
    pub(crate) async fn accept_till(
        &self,
        request: &Request<'_>,
        tenant: &str,
        whose: &mut Option<TenantId>,
    ) -> Result<Answer, Refused> {
        let body = request.bytes()?;
        let raw = RawWebhook {
            operation: request.header("x-cn-operation"),
            signature: request.header("x-cn-signature"),
            body: &body,
        };
        if raw.signature.is_none() {
            return Err(WebhookError::Signature.into());
        }
        let (access, verified) = self.verify_till(raw, tenant, whose).await?;
        let event = verified.parse()?;
        let tenant = &access.tenant.id;
        let ours = |at: Option<SalesPointId>| at.is_none_or(|at| at == access.tenant.sales_point);
        match event {
            TillEvent::Order { hint, sales_point } if ours(sales_point) => {
                self.queue_order(self.order_message(request, tenant, OrderEvent::TillOrder(hint))).await?;
            }
            TillEvent::Document { orders, sales_point } if ours(sales_point) && !orders.is_empty() => {
                self.queue_order(self.order_message(request, tenant, OrderEvent::Document { orders })).await?;
            }
            TillEvent::Catalogue { is_product, sales_point } if ours(sales_point) => {
                let job = if is_product { SyncJob::Changed } else { SyncJob::Requested };
                self.queue_sync(request, tenant, job).await?;
            }
            TillEvent::Order { .. } | TillEvent::Document { .. } | TillEvent::Catalogue { .. } => {
                return Ok(Answer::ignored());
            }
            TillEvent::Ignored { .. } => return Ok(Answer::ignored()),
        }
        Ok(Answer::queued(200))
    }

    /// An unknown tenant costs and answers what a wrong signature does.
    async fn verify_till<'a>(
        &self,
        raw: RawWebhook<'a>,
        tenant: &str,
        whose: &mut Option<TenantId>,
    ) -> Result<(Arc<TenantAccess>, VerifiedWebhook<'a>), Refused> {
        let found = match TenantId::parse(tenant) {
            Ok(id) => self.tenants.tenant(&id, Freshness::Cached).await?,
            Err(_) => None,
        };
        let Some(access) = found else {
            drop(raw.verify(&[]));
            return Err(Refused::UnknownTenant);
        };
        *whose = Some(access.tenant.id.clone());
        if let Ok(verified) = raw.verify(&access.webhook_secrets) {
            return Ok((access, verified));
        }
        // The secret may have been changed since the record was read.
        if self.clock.now().duration_since(access.read_at) < YOUNG {
            return Err(WebhookError::Signature.into());
        }
        let reloaded = self.tenants.tenant(&access.tenant.id, Freshness::Reload).await?;
        let access = reloaded.ok_or(Refused::UnknownTenant)?;
        let verified = raw.verify(&access.webhook_secrets)?;
        Ok((access, verified))
    }
}
