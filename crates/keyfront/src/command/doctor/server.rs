//! The server, the ports that `keyfront dev` takes, and the clock.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use super::finding::Finding;
use crate::config::{ADMIN_PORT, EDGE_PORT, PORT};
use crate::endpoint::{Found, look_at, time_at};
use crate::terminal::time::now;

const SUBJECT: &str = "server";

/// By how many seconds the clocks of a client and of the service may differ: five minutes.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>
const MOST_SKEW: u64 = 5 * 60;

pub(super) async fn findings(endpoint: &str, host: &str, port: u16) -> Vec<Finding> {
    match look_at(endpoint).await {
        Ok(Found::Server { .. }) => {
            let mut findings = vec![Finding::fine(SUBJECT, format!("one answers at {endpoint}"))];
            findings.extend(time_at(endpoint).await.map(|server| clock(server, now())));
            findings
        }
        Ok(Found::AdminAddress(_)) => vec![Finding::problem(
            SUBJECT,
            format!("{endpoint} is the admin address of a server, not its endpoint"),
            "name the URL after `ready` at its start, with --endpoint or KEYFRONT_ENDPOINT",
        )],
        Err(_none) if matches!(host, "127.0.0.1" | "localhost") => {
            // What matters is whether a server can be started.
            let taken = taken(port);
            if taken.is_empty() {
                let text = format!("none answers at {endpoint}, and its port is free");
                return vec![Finding::note(SUBJECT, text, "keyfront dev")];
            }
            taken
        }
        Err(failure) => {
            vec![Finding::problem(SUBJECT, failure.to_string(), "name another one with --endpoint")]
        }
    }
}

/// The ports that another program has. A server on the usual port takes the two beside it as well.
fn taken(port: u16) -> Vec<Finding> {
    let mut wanted = vec![(port, "--port 4800")];
    if port == PORT {
        wanted.extend([(ADMIN_PORT, "--admin 127.0.0.1:0"), (EDGE_PORT, "--edge 127.0.0.1:0")]);
    }
    let in_use = |port: u16| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
    };
    let taken = wanted.into_iter().filter(|(port, _option)| in_use(*port));
    taken
        .map(|(port, option)| {
            Finding::problem(
                SUBJECT,
                format!("another program listens at 127.0.0.1:{port}"),
                format!("end it, or start the server elsewhere: keyfront dev {option}"),
            )
        })
        .collect()
}

fn clock(server: u64, here: u64) -> Finding {
    let skew = server.abs_diff(here);
    if skew > MOST_SKEW {
        return Finding::problem(
            "clock",
            format!(
                "this machine and the server differ by {skew} s; a signature is refused from {MOST_SKEW} s on"
            ),
            "set both clocks, such as with timedatectl set-ntp true",
        );
    }
    Finding::fine("clock", "this machine and the server agree")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::finding::Level;

    #[test]
    fn clocks_may_differ_by_five_minutes_in_either_direction() {
        for (server, here, level) in [
            (1_000_000, 1_000_300, Level::Fine),
            (1_000_300, 1_000_000, Level::Fine),
            (1_000_301, 1_000_000, Level::Problem),
            (1_000_000, 1_000_301, Level::Problem),
        ] {
            assert_eq!(clock(server, here).level, level, "{server} {here}");
        }
    }

    #[test]
    fn a_port_that_another_program_has_is_found() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(taken(port).len(), 1);
    }
}
