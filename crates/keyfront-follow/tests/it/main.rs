//! Feeds and replicas over memory engines: what travels, how, and what a reader of the replica sees meanwhile.

#![cfg(test)]

mod fixture;
mod histories;
mod images;
mod relays;
mod restarts;
mod resuming;
