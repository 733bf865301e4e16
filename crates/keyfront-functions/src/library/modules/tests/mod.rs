//! What the modules print for the cases of the tables, compared with what njs printed, and with njs itself.

mod engine;
mod generated;
mod safety;
mod tables;
