//! What an order needs of the catalogue: products by id, read now, and the sales mode with a name.

use crate::{
    auth::{KeyHash, fingerprint},
    client::Client,
    paging::List,
    query::Query,
    types,
};
use app::ports::{TenantAccess, TillError, Work};
use domain::{
    ProductId, SalesPointId,
    till::{Product, SalesMode},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

/// How many products are asked for at once: one page.
const IDS_PER_CALL: usize = 100;

/// How long a list of sales modes is believed.
const SALES_MODES_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// The sales modes of one sales point, and the time until which they are believed.
#[derive(Debug)]
struct Believed {
    until: Timestamp,
    modes: Vec<SalesMode>,
}

/// The sales modes of each key and sales point.
#[derive(Debug, Default)]
pub(crate) struct SalesModes(Mutex<HashMap<(KeyHash, SalesPointId), Believed>>);

impl SalesModes {
    fn find(&self, key: (KeyHash, SalesPointId), name: &str, now: Timestamp) -> Option<SalesMode> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let believed = lists.get(&key).filter(|believed| now < believed.until)?;
        named(&believed.modes, name)
    }

    fn keep(&self, key: (KeyHash, SalesPointId), modes: Vec<SalesMode>, now: Timestamp) {
        let until = now.saturating_add(SALES_MODES_LIFE).unwrap_or(now);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Believed { until, modes });
    }
}

/// The name has to be exactly this (S27).
fn named(modes: &[SalesMode], name: &str) -> Option<SalesMode> {
    modes.iter().find(|mode| mode.name == name).cloned()
}

impl Client {
    pub(crate) async fn read_products(
        &self,
        work: &Work,
        access: &TenantAccess,
        ids: &[ProductId],
    ) -> Result<Vec<Product>, TillError> {
        let wanted: Vec<&ProductId> = ids.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let mut products = Vec::with_capacity(wanted.len());
        let flag = types::channel_flag(access.tenant.channel);
        for ids in wanted.chunks(IDS_PER_CALL) {
            let query = Query::new().ids("ids", ids).longs("idsSalesPoint", &[access.tenant.sales_point.0]);
            let list = List { path: &["products"], key: "products", query };
            let mut found =
                types::rows("products", &self.list(work, access, &list).await?, |row| types::product(row, flag));
            found.retain(|product| ids.contains(&&product.id));
            found.sort_by(|a, b| a.id.cmp(&b.id));
            found.dedup_by(|a, b| a.id == b.id);
            products.extend(found);
        }
        Ok(products)
    }

    pub(crate) async fn find_sales_mode(
        &self,
        work: &Work,
        access: &TenantAccess,
        name: &str,
    ) -> Result<Option<SalesMode>, TillError> {
        let sales_point = access.tenant.sales_point;
        let key = (fingerprint(&access.api_key), sales_point);
        if let Some(mode) = self.sales_modes.find(key, name, self.clock.now()) {
            return Ok(Some(mode));
        }
        let query = Query::new().longs("idsSalesPoint", &[sales_point.0]);
        let list = List { path: &["salesmodes"], key: "salesModes", query };
        let modes = types::rows("salesmodes", &self.list(work, access, &list).await?, types::sales_mode);
        let found = named(&modes, name);
        self.sales_modes.keep(key, modes, self.clock.now());
        Ok(found)
    }
}
