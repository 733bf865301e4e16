//! Development only: a signing client, fixtures, a fake clock, conformance suites.

pub mod engines;
pub mod signing;
