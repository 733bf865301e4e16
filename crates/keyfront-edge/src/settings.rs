//! What an operator says about viewers: which country they are in, and which proxies may speak for them.
//!
//! CloudFront finds a viewer's country by its address in a database that it does not publish. Here the operator names
//! networks, and one country for all others.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, Version};
use ipnet::IpNet;
use keyfront_http::Peer;

use crate::message::{Viewer, ViewerTls};

/// Where viewers are, and who may speak for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewerSettings {
    country: String,
    /// Countries by network, by the length of the network's prefix, the longest first.
    countries: Vec<(u8, HashMap<IpAddr, String>)>,
    trusted_proxies: Vec<IpNet>,
}

/// A setting that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidViewerSetting {
    /// A country is not two letters.
    #[error("{0:?} is not a country: write the two letters of ISO 3166-1, such as DE")]
    Country(String),
    /// A network is none.
    #[error("{0:?} is not a network: write it as 10.0.0.0/8, 2001:db8::/32 or an address")]
    Network(String),
}

impl ViewerSettings {
    /// Reads the settings. `country` is that of viewers in none of the networks of `countries`, and empty where it is
    /// not known. A viewer in several networks is in the country of the smallest. `trusted_proxies` are believed when
    /// they say for whom they ask.
    pub fn new<'t>(
        country: &str,
        countries: impl IntoIterator<Item = (&'t str, &'t str)>,
        trusted_proxies: impl IntoIterator<Item = &'t str>,
    ) -> Result<ViewerSettings, InvalidViewerSetting> {
        let country = if country.is_empty() { String::new() } else { read_country(country)? };
        let mut by_length: Vec<(u8, HashMap<IpAddr, String>)> = Vec::new();
        for (network, country) in countries {
            let (network, country) = (read_network(network)?, read_country(country)?);
            let length = network.prefix_len();
            match by_length.iter_mut().find(|(known, _)| *known == length) {
                Some((_, networks)) => {
                    networks.insert(network.network(), country);
                }
                None => by_length.push((length, HashMap::from([(network.network(), country)]))),
            }
        }
        by_length.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        let trusted_proxies = trusted_proxies.into_iter().map(read_network).collect::<Result<_, _>>()?;
        Ok(ViewerSettings { country, countries: by_length, trusted_proxies })
    }

    /// Who sent a request that came over a connection of `peer`.
    ///
    /// A trusted proxy says it with `X-Forwarded-For`, which names the viewer and then each proxy on the way, and with
    /// `X-Forwarded-Proto`. The last address that is not a trusted proxy's is the viewer's: what stands before it may be
    /// the viewer's own invention. The port and what was agreed on in a handshake stay those of the connection.
    pub fn viewer(&self, peer: &Peer, version: Version, headers: &HeaderMap) -> Viewer {
        let (mut ip, mut secure) = (peer.address.ip(), peer.secure());
        if self.trusts(ip) {
            ip = self.forwarded_for(headers).unwrap_or(ip);
            if let Some(scheme) = headers.get("x-forwarded-proto") {
                secure = scheme.as_bytes().eq_ignore_ascii_case(b"https");
            }
        }
        Viewer {
            address: SocketAddr::new(ip, peer.address.port()),
            secure,
            version,
            country: self.country_of(ip).to_owned(),
            tls: peer.tls.as_ref().map(|tls| ViewerTls { version: tls.version, cipher: tls.cipher }),
            // Which distribution it comes to is not known yet.
            mtls: None,
        }
    }

    /// The two letters of the country that an address is in; empty where it is not known.
    pub fn country_of(&self, ip: IpAddr) -> &str {
        let of_network = self.countries.iter().find_map(|(length, networks)| {
            let network = IpNet::new(ip, *length).ok()?;
            networks.get(&network.network())
        });
        of_network.unwrap_or(&self.country)
    }

    fn trusts(&self, ip: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&ip))
    }

    /// The viewer of a request of a trusted proxy; `None` where the proxy names none.
    fn forwarded_for(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let addresses: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut viewer = None;
        for address in addresses.into_iter().rev() {
            let Some(ip) = read_address(address) else { break };
            viewer = Some(ip);
            if !self.trusts(ip) {
                break;
            }
        }
        viewer
    }
}

/// An address in `X-Forwarded-For`: some proxies add the port.
fn read_address(text: &str) -> Option<IpAddr> {
    let ip = text.parse().or_else(|_no_ip| text.parse::<SocketAddr>().map(|address| address.ip())).ok()?;
    Some(ip.to_canonical())
}

fn read_country(text: &str) -> Result<String, InvalidViewerSetting> {
    if text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(InvalidViewerSetting::Country(text.to_owned()))
    }
}

fn read_network(text: &str) -> Result<IpNet, InvalidViewerSetting> {
    let network = text.parse().or_else(|_no_network| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_no_address| InvalidViewerSetting::Network(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ViewerSettings {
        let countries =
            [("10.0.0.0/8", "de"), ("10.1.0.0/16", "AT"), ("2001:db8::/32", "FR"), ("10.1.2.3", "CH")];
        ViewerSettings::new("US", countries, ["192.0.2.0/24", "2001:db8:f::1"]).unwrap()
    }

    #[test]
    fn a_viewer_is_in_the_country_of_the_smallest_network_that_it_is_in() {
        for (ip, country) in [
            ("10.2.0.1", "DE"),
            ("10.1.0.1", "AT"),
            ("10.1.2.3", "CH"),
            ("10.1.2.4", "AT"),
            ("2001:db8:1::1", "FR"),
            ("2001:db9::1", "US"),
            ("203.0.113.1", "US"),
        ] {
            assert_eq!(settings().country_of(ip.parse().unwrap()), country, "{ip}");
        }
        assert_eq!(ViewerSettings::default().country_of("10.0.0.1".parse().unwrap()), "");
    }

    #[test]
    fn only_trusted_proxies_say_for_whom_they_ask() {
        let rows = [
            ("203.0.113.9", &["198.51.100.1"][..], Some("https"), "203.0.113.9", false),
            ("192.0.2.1", &["198.51.100.1"], Some("https"), "198.51.100.1", true),
            ("192.0.2.1", &["198.51.100.1"], Some("http"), "198.51.100.1", false),
            ("192.0.2.1", &["10.9.9.9, 198.51.100.1, 192.0.2.7"], None, "198.51.100.1", false),
            ("192.0.2.1", &["10.9.9.9", "198.51.100.1"], None, "198.51.100.1", false),
            ("192.0.2.1", &["192.0.2.8, 192.0.2.7"], None, "192.0.2.8", false),
            ("192.0.2.1", &["198.51.100.1, nonsense"], None, "192.0.2.1", false),
            ("192.0.2.1", &["198.51.100.1, unknown, 192.0.2.7"], None, "192.0.2.7", false),
            ("192.0.2.1", &["198.51.100.1:4711"], None, "198.51.100.1", false),
            ("192.0.2.1", &["[2001:db8::5]:4711"], None, "2001:db8::5", false),
            ("192.0.2.1", &["::ffff:198.51.100.1"], None, "198.51.100.1", false),
            ("192.0.2.1", &[], None, "192.0.2.1", false),
            ("2001:db8:f::1", &["2001:db8::5"], Some("HTTPS"), "2001:db8::5", true),
        ];
        for (from, forwarded, scheme, ip, secure) in rows {
            let address = SocketAddr::new(from.parse().unwrap(), 4711);
            let peer = Peer { address, listener: "127.0.0.1:80".parse().unwrap(), tls: None };
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            if let Some(scheme) = scheme {
                headers.insert("x-forwarded-proto", scheme.parse().unwrap());
            }
            let viewer = settings().viewer(&peer, Version::HTTP_11, &headers);
            let expected = SocketAddr::new(ip.parse().unwrap(), 4711);
            assert_eq!((viewer.address, viewer.secure), (expected, secure), "{from} {forwarded:?}");
        }
    }

    #[test]
    fn settings_that_mean_nothing_are_refused_with_their_text() {
        for (country, network, proxy, named) in [
            ("Germany", "10.0.0.0/8", "10.0.0.1", "Germany"),
            ("D1", "10.0.0.0/8", "10.0.0.1", "D1"),
            ("DE", "10.0.0.0/33", "10.0.0.1", "10.0.0.0/33"),
            ("DE", "10.0.0.0/8", "proxy.example.com", "proxy.example.com"),
        ] {
            let error = ViewerSettings::new(country, [(network, "DE")], [proxy]).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        assert!(ViewerSettings::new("", [("10.0.0.0/8", "")], []).is_err());
    }
}
