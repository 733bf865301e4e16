//! How long a change takes to reach the edges: the time that resources show `InProgress` and the like.
//!
//! The times are the service's to choose and a client's to wait for. What a server waits for by itself, such as an
//! import, has no time here.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

/// How long resources take to settle after a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settling {
    /// Distributions and streaming distributions: `InProgress` to `Deployed`.
    pub distribution: Duration,
    /// Invalidations: `InProgress` to `Completed`.
    pub invalidation: Duration,
    /// Distribution tenants: `InProgress` to `Deployed`.
    pub distribution_tenant: Duration,
    /// Connection groups: `InProgress` to `Deployed`.
    pub connection_group: Duration,
    /// VPC origins: `Deploying` to `Deployed`.
    pub vpc_origin: Duration,
    /// Lists of Anycast addresses: `Deploying` to `Deployed`.
    pub anycast_ip_list: Duration,
    /// Trust stores: `pending` to `active`.
    pub trust_store: Duration,
    /// Certificates that the service requests: `pending-validation` to `issued`.
    pub managed_certificate: Duration,
}

impl Settling {
    /// Everything settles before the next look.
    pub const AT_ONCE: Settling = Settling::all(Duration::ZERO);

    /// About what the service takes (seen: a distribution after 91 seconds; AWS guide: a VPC origin up to 15 minutes).
    pub const AWS: Settling = Settling {
        distribution: Duration::from_mins(3),
        invalidation: Duration::from_secs(20),
        vpc_origin: Duration::from_mins(15),
        ..Settling::all(Duration::from_mins(3))
    };

    const fn all(time: Duration) -> Settling {
        Settling {
            distribution: time,
            invalidation: time,
            distribution_tenant: time,
            connection_group: time,
            vpc_origin: time,
            anycast_ip_list: time,
            trust_store: time,
            managed_certificate: time,
        }
    }
}

/// As it is written: a word for all of them, or seconds for some.
#[derive(Deserialize)]
#[serde(untagged, expecting = "\"at-once\", \"aws\", or a table of seconds by kind of resource")]
enum Written {
    Word(Word),
    Seconds(Seconds),
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    AtOnce,
    Aws,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Seconds {
    distribution: u32,
    invalidation: u32,
    distribution_tenant: u32,
    connection_group: u32,
    vpc_origin: u32,
    anycast_ip_list: u32,
    trust_store: u32,
    managed_certificate: u32,
}

impl<'de> Deserialize<'de> for Settling {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Settling, D::Error> {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Ok(match Written::deserialize(deserializer)? {
            Written::Word(Word::AtOnce) => Settling::AT_ONCE,
            Written::Word(Word::Aws) => Settling::AWS,
            Written::Seconds(written) => Settling {
                distribution: seconds(written.distribution),
                invalidation: seconds(written.invalidation),
                distribution_tenant: seconds(written.distribution_tenant),
                connection_group: seconds(written.connection_group),
                vpc_origin: seconds(written.vpc_origin),
                anycast_ip_list: seconds(written.anycast_ip_list),
                trust_store: seconds(written.trust_store),
                managed_certificate: seconds(written.managed_certificate),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settling_is_a_word_or_seconds_by_kind() {
        for (json, expected) in [
            (r#""at-once""#, Some(Settling::AT_ONCE)),
            (r#""aws""#, Some(Settling::AWS)),
            ("{}", Some(Settling::AT_ONCE)),
            (
                r#"{"distribution": 3}"#,
                Some(Settling { distribution: Duration::from_secs(3), ..Settling::AT_ONCE }),
            ),
            (r#""soon""#, None),
            (r#"{"distributions": 3}"#, None),
            (r#"{"distribution": -1}"#, None),
        ] {
            assert_eq!(serde_json::from_str(json).ok(), expected, "{json}");
        }
    }
}
