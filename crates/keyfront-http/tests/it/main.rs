//! The server through real sockets, under a clock that does not wait.

#![cfg(test)]

mod fixture;
mod messages;
mod places;
mod stop;
mod timeouts;
mod tls;
mod upgrades;
