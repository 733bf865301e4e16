//! What `dev` and `serve` say about the edge.

use crate::bootstrap::Started;
use crate::terminal::print;

/// Prints a line `edge http://ADDRESS`, and one with `https`, where there is an edge.
pub(super) fn print_edge(started: &Started<'_>) {
    if let Some(address) = started.edge {
        print(format!("edge http://{address}"));
    }
    if let Some(address) = started.edge_tls {
        print(format!("edge https://{address}"));
    }
}
