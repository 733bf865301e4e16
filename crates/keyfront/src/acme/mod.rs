//! Certificates that the edge gets itself, over ACME (RFC 8555), and renews.
//!
//! | module | part |
//! |---|---|
//! | `folder` | where the account and the certificates are kept |
//! | `http` | how the authority is asked |
//! | `order` | one certificate, from the account to the chain |
//! | `renewal` | when, and again and again |
//!
//! Names are proved over HTTP (HTTP-01), so the authority has to reach the edge's plain address at port 80 of each name;
//! wildcards are not possible that way. instant-acme speaks the protocol. Only the names of the configuration get
//! certificates: an authority is never asked because of what a viewer or a distribution says.

mod folder;
mod http;
mod order;
mod renewal;

pub(crate) use folder::Folder;
pub(crate) use renewal::Renewal;
