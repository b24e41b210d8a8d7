//! What Ponte decides, with no I/O, no clock, no async and no environment.
//!
//! Everything here is a function of its arguments: `(state, event) → (state, effects)` for the life of an order,
//! `(order, catalogue) → till order` for what the kitchen reads. Nothing in this crate may open a socket, read a
//! variable or ask for the time; a test over the dependency graph keeps it so.

pub mod apportion;
pub mod circuit;
pub mod customer;
pub mod doctor;
pub mod draft;
pub mod ids;
pub mod lifecycle;
pub mod menu;
pub mod messages;
pub mod money;
pub mod notes;
pub mod order;
#[cfg(feature = "planted-bugs")]
pub mod planted;
pub mod tenant;
pub mod till;
pub mod time;

#[cfg(test)]
mod testing;

pub use ids::{
    CustomerId, DepartmentId, IdError, OptionId, OptionValueId, OrderId, ProductId, SalesModeId, SalesPointId, TaxId,
    TenantId, TillCustomerId, TillOrderId, VariantId,
};
pub use money::Cents;
