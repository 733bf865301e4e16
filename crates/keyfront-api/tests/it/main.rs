//! Requests as clients send them, answered in process: signed by the official signer, over a real engine,
//! with a fixed clock and sequential ids, and the whole answer compared.

#![cfg(test)]

mod accounts;
mod authentication;
mod authorization;
mod control;
mod coverage;
mod data;
mod extensions;
mod failures;
mod faults;
mod fixture;
mod generated_inputs;
mod identity;
mod import;
mod metrics;
mod restart;
