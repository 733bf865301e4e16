//! Why there is no connection at all, as the causes of an error tell it.

use std::error::Error;
use std::io;

/// Why there is no connection at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoConnection {
    /// Nothing listens at the port.
    Refused,
    /// The name does not resolve.
    UnknownHost,
    /// TLS failed, with its own words.
    Tls(String),
}

impl NoConnection {
    /// The cause among those of an error.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Option<NoConnection> {
        causes(error).find_map(|cause| {
            let Some(io) = cause.downcast_ref::<io::Error>() else {
                let text = cause.to_string();
                return (text == "dns error").then_some(NoConnection::UnknownHost);
            };
            if io.kind() == io::ErrorKind::ConnectionRefused {
                return Some(NoConnection::Refused);
            }
            // What rustls reports of a handshake.
            (io.kind() == io::ErrorKind::InvalidData).then(|| NoConnection::Tls(io.to_string()))
        })
    }
}

/// An error and its causes, from the outermost to the deepest.
pub(crate) fn causes<'e>(
    error: &'e (dyn Error + 'static),
) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // An I/O error shows the cause of what it wraps as its own, and passes over what it wraps.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(plain).or_else(|| error.source())
    })
}

/// The same error, of which it is not said that it can be sent.
fn plain<'e>(error: &'e (dyn Error + Send + Sync + 'static)) -> &'e (dyn Error + 'static) {
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_no_attempt_can_change_is_final() {
        let io = |kind| io::Error::new(kind, "why");
        for (error, expected) in [
            (io(io::ErrorKind::ConnectionRefused), Some(NoConnection::Refused)),
            (io(io::ErrorKind::InvalidData), Some(NoConnection::Tls("why".to_owned()))),
            (io::Error::other(io(io::ErrorKind::ConnectionRefused)), Some(NoConnection::Refused)),
            (io(io::ErrorKind::ConnectionReset), None),
            (io(io::ErrorKind::TimedOut), None),
        ] {
            assert_eq!(NoConnection::of(&error), expected, "{error:?}");
        }
    }
}
