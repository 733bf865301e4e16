//! The edge as viewers and origins see it: a real listener, real origins, documents in an engine.

#![cfg(test)]

mod fixture;
mod functions;
mod objects;
mod places;
