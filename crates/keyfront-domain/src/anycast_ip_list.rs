//! Anycast lists: static addresses that distributions and connection groups answer from.

use std::net::{Ipv4Addr, Ipv6Addr};

use keyfront_error::ServiceError;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// How many addresses a list can have (AWS: `CreateAnycastIpListRequest`).
const IP_COUNTS: [i64; 2] = [3, 21];

/// Networks for documentation (RFC 5737), so that no list has the address of a machine in use.
const IPV4_NETWORKS: [Ipv4Addr; 3] =
    [Ipv4Addr::new(192, 0, 2, 0), Ipv4Addr::new(198, 51, 100, 0), Ipv4Addr::new(203, 0, 113, 0)];

/// The network for documentation of the other protocol (RFC 3849).
const IPV6_NETWORK: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0);

/// An Anycast list's configuration, by the model's names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AnycastIpListConfig {
    /// Unique in the account; it never changes.
    pub name: String,
    /// How many addresses it has of each protocol; it never changes.
    pub ip_count: i64,
    /// The protocols.
    pub ip_address_type: IpAddressType,
    /// Networks of its own that it answers from.
    #[serde(default)]
    pub ipam_cidr_configs: Vec<IpamCidrConfig>,
}

/// The protocols of a list's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IpAddressType {
    /// `IPv4` alone.
    Ipv4,
    /// `IPv6` alone.
    Ipv6,
    /// As many addresses of each.
    Dualstack,
}

/// A network that the account brings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct IpamCidrConfig {
    /// Its addresses.
    pub cidr: String,
    /// The pool that it is of.
    pub ipam_pool_arn: String,
}

impl AnycastIpListConfig {
    /// Refuses what cannot be a list. Whether a pool exists is not looked up.
    pub fn check(&self) -> Result<(), ServiceError> {
        if !IP_COUNTS.contains(&self.ip_count) {
            return Err(ServiceError::invalid("IpCount"));
        }
        for network in &self.ipam_cidr_configs {
            if !is_cidr(&network.cidr) {
                return Err(ServiceError::invalid("Cidr"));
            }
            if !network.ipam_pool_arn.starts_with("arn:aws:ec2::") {
                return Err(ServiceError::invalid("IpamPoolArn"));
            }
        }
        Ok(())
    }

    /// The addresses of a list, neighbours in networks for documentation. `random` says where they begin.
    pub fn addresses(&self, random: Uuid) -> Vec<String> {
        let &[_, _, _, _, _, _, high, low, ..] = random.as_bytes();
        let first = u32::from(u16::from_be_bytes([high, low]));
        let places = (first..).zip(0..self.ip_count).map(|(place, _)| place);
        let ipv4 = places.clone().map(|place| ipv4(place).to_string());
        let ipv6 =
            places.map(|place| Ipv6Addr::from_bits(IPV6_NETWORK.to_bits() | u128::from(place)).to_string());
        match self.ip_address_type {
            IpAddressType::Ipv4 => ipv4.collect(),
            IpAddressType::Ipv6 => ipv6.collect(),
            IpAddressType::Dualstack => ipv4.chain(ipv6).collect(),
        }
    }
}

/// The address at a place among all of the networks, whose first and last addresses are left out.
fn ipv4(place: u32) -> Ipv4Addr {
    const HOSTS: u32 = 254;
    let [first, second, third] = IPV4_NETWORKS;
    let network = match place / HOSTS % 3 {
        0 => first,
        1 => second,
        _ => third,
    };
    Ipv4Addr::from_bits(network.to_bits() | (place % HOSTS + 1))
}

fn is_cidr(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let Ok(address) = address.parse::<std::net::IpAddr>() else { return false };
    let most = if address.is_ipv4() { 32 } else { 128 };
    bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

/// Adds what the service adds: a list has addresses of `IPv4` unless it says otherwise.
pub fn complete(config: &mut Map<String, Value>) {
    config.entry("IpAddressType").or_insert_with(|| "ipv4".into());
}

/// What is shown of networks that the account brings: `IpamConfig`, with their count.
pub fn ipam_config(config: &Map<String, Value>) -> Option<Value> {
    let networks = config.get("IpamCidrConfigs")?.as_array()?;
    let shown = networks.iter().map(|network| {
        let mut network = network.clone();
        if let Some(members) = network.as_object_mut() {
            members.entry("Status").or_insert_with(|| "advertised".into());
        }
        network
    });
    let shown: Vec<_> = shown.collect();
    (!shown.is_empty()).then(|| json!({ "Quantity": shown.len(), "IpamCidrConfigs": shown }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(changes: Value) -> AnycastIpListConfig {
        let mut config: Map<String, Value> =
            serde_json::from_value(json!({ "Name": "list", "IpCount": 3 })).unwrap();
        config.extend(serde_json::from_value::<Map<_, _>>(changes).unwrap());
        complete(&mut config);
        serde_json::from_value(config.into()).unwrap()
    }

    #[test]
    fn a_list_has_3_or_21_addresses() {
        let network = |cidr: &str, pool: &str| json!([{ "Cidr": cidr, "IpamPoolArn": pool }]);
        let pool = "arn:aws:ec2::111122223333:ipam-pool/ipam-pool-1";
        for (changes, expected) in [
            (json!({}), None),
            (json!({ "IpCount": 21 }), None),
            (json!({ "IpCount": 4 }), Some("InvalidArgument: The parameter IpCount is invalid.")),
            (json!({ "IpamCidrConfigs": network("203.0.113.0/24", pool) }), None),
            (json!({ "IpamCidrConfigs": network("2001:db8::/48", pool) }), None),
            (
                json!({ "IpamCidrConfigs": network("203.0.113.0/33", pool) }),
                Some("InvalidArgument: The parameter Cidr is invalid."),
            ),
            (
                json!({ "IpamCidrConfigs": network("203.0.113.0/24", "pool") }),
                Some("InvalidArgument: The parameter IpamPoolArn is invalid."),
            ),
        ] {
            let refusal = config(changes.clone()).check().err().map(|error| error.to_string());
            assert_eq!(refusal.as_deref(), expected, "{changes}");
        }
    }

    #[test]
    fn addresses_are_of_networks_for_documentation() {
        let of = |kind: &str, random: u128| {
            config(json!({ "IpAddressType": kind })).addresses(Uuid::from_u128(random))
        };
        assert_eq!(of("ipv4", 0), ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
        assert_eq!(of("ipv4", 253 << 64), ["192.0.2.254", "198.51.100.1", "198.51.100.2"]);
        assert_eq!(of("ipv6", 1 << 64), ["2001:db8::1", "2001:db8::2", "2001:db8::3"]);
        let both = of("dualstack", u128::MAX);
        assert_eq!((both.len(), both.iter().filter(|address| address.contains(':')).count()), (6, 3));
    }

    #[test]
    fn networks_of_the_account_are_shown_with_their_count() {
        let shown = |networks: Value| {
            ipam_config(&serde_json::from_value(json!({ "IpamCidrConfigs": networks })).unwrap())
        };
        assert_eq!(shown(json!([])), None);
        let networks = json!([{ "Cidr": "203.0.113.0/24", "IpamPoolArn": "arn:aws:ec2::1:ipam-pool/p" }]);
        let shown = shown(networks).unwrap();
        assert_eq!(
            (&shown["Quantity"], &shown["IpamCidrConfigs"][0]["Status"]),
            (&json!(1), &json!("advertised"))
        );
    }
}
