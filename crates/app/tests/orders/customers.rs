//! The customer of an order at the till: found, created, completed, and never in the order's way.

use crate::fixture::{Restaurant, id, order, order_like, unclear};
use app::{
    memory::{Fault, TillCall},
    ports::{TillError, TillState},
};

#[tokio::test]
async fn s70_the_customer_of_an_order_is_created_once_and_found_again() {
    let shop = Restaurant::open();
    shop.place(order()).await.unwrap();
    shop.place(order_like(|order| order["id"] = "o-2".into())).await.unwrap();
    assert_eq!(shop.till.customers().len(), 1);
    assert_eq!(shop.sent("o-1")[0]["customer"], shop.sent("o-2")[0]["customer"]);
    assert_eq!(shop.sent("o-1")[0]["customer"], "customer-1");
}

#[tokio::test]
async fn a_refused_customer_never_holds_the_order_back() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::Customers, [Fault::Before(TillError::Refused { status: 400, detail: String::new() })]);
    shop.place(order()).await.unwrap();
    assert!(shop.sent("o-1")[0]["customer"].is_null());
    assert_eq!(shop.staff("o-1"), [TillState::Delivered]);
    assert!(shop.last_sentence("o-1").contains("senza l'anagrafica"));
}

#[tokio::test]
async fn customers_that_cannot_be_asked_are_not_waited_for_for_ever() {
    let shop = Restaurant::open();
    shop.till.fail(TillCall::Customers, [(); 9].map(|()| Fault::Before(unclear(Some(503)))));
    shop.place(order()).await.unwrap_err();
    shop.handle_again(crate::fixture::placed(order())).await.unwrap_err();
    shop.handle_again(crate::fixture::placed(order())).await.unwrap();
    assert!(shop.till.find(&id("o-1")).is_some());
}
