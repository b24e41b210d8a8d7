//! The till's customer for a person of the platform: found, completed or created; nothing is blanked or overwritten.

use crate::ports::{TenantAccess, Till, TillError, Work};
use domain::{
    TillCustomerId,
    customer::{Plan, full_name, plan},
    order::Customer,
};

/// Which till customer somebody is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The till's id.
    pub id: TillCustomerId,
    /// Whether several fitted, and nothing was written.
    pub ambiguous: bool,
}

/// Searches by e-mail, then by name; creates or completes as needed. At most three calls of the till.
///
/// # Errors
/// With what the till answered.
pub async fn resolve(
    till: &impl Till,
    work: &Work,
    access: &TenantAccess,
    customer: &Customer,
) -> Result<Resolved, TillError> {
    let sales_point = access.tenant.sales_point;
    let mut found = match &customer.email {
        Some(email) => till.customers_by_email(work, access, email.trim()).await?,
        None => Vec::new(),
    };
    let mut decided = plan(&found, customer, sales_point);
    if matches!(decided, Plan::Create(_)) {
        found.extend(till.customers_by_name(work, access, &full_name(customer)).await?);
        decided = plan(&found, customer, sales_point);
    }
    let id = match decided {
        Plan::Use(id) => id,
        Plan::Ambiguous(id) => return Ok(Resolved { id, ambiguous: true }),
        Plan::Update(merged) => {
            till.update_customer(work, access, &merged).await?;
            merged.id
        }
        Plan::Create(record) => till.create_customer(work, access, &record).await?,
    };
    Ok(Resolved { id, ambiguous: false })
}
