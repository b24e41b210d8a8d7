//! Fiscal documents, for the orders that they were made from (S67).

use crate::{
    client::Client,
    types::{self, SourcesDto},
};
use app::ports::{TenantAccess, TillError, Work};
use domain::till::DocumentLink;
use jiff::Timestamp;
use serde_json::Value;

impl Client {
    pub(crate) async fn read_documented_orders(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<DocumentLink>, TillError> {
        let receipts = self.documents(work, access, &["documents", "receipts"], "receipts", from, to).await?;
        let mut links = links("receipts", &receipts);
        for link in self.invoice_links(work, access, from, to).await? {
            if !links.contains(&link) {
                links.push(link);
            }
        }
        Ok(links)
    }

    /// Invoices: of this list only the existence is known, so a till that refuses it or shapes it otherwise has none.
    async fn invoice_links(
        &self,
        work: &Work,
        access: &TenantAccess,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<DocumentLink>, TillError> {
        match self.documents(work, access, &["documents", "invoices"], "invoices", from, to).await {
            Ok(invoices) => Ok(links("invoices", &invoices)),
            Err(error @ (TillError::Unreachable { .. } | TillError::RateLimited { .. })) => Err(error),
            Err(error) => {
                tracing::debug!(error.message = %error, "the till shows no invoices");
                Ok(Vec::new())
            }
        }
    }
}

fn links(what: &'static str, documents: &[Value]) -> Vec<DocumentLink> {
    let mut links = Vec::new();
    for link in types::rows(what, documents, types::read::<SourcesDto>).into_iter().flat_map(SourcesDto::into_links) {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}
