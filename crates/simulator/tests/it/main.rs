//! The simulator through HTTP, as a client of either party meets it.

#[cfg(test)]
mod bridge;
#[cfg(test)]
mod control;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod menu;
#[cfg(test)]
mod menu_clients;
#[cfg(test)]
mod plateform;
#[cfg(test)]
mod status;
#[cfg(test)]
mod story;
#[cfg(test)]
mod till_customers;
#[cfg(test)]
mod till_door;
#[cfg(test)]
mod till_orders;
#[cfg(test)]
mod till_reading;
#[cfg(test)]
mod till_rows;
#[cfg(test)]
mod webhooks;
