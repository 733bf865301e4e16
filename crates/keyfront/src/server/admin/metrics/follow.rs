//! Figures of who follows whom.

use std::fmt;
use std::sync::Arc;

use keyfront_follow::Feeds;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;

use super::edge::{counter, gauge};
use crate::follow::{Followed, FollowedNow};

/// The figures of a server or a relay that is followed.
pub(crate) struct FeedFigures(pub(crate) Arc<Feeds>);

/// The figures of an edge about the accounts that it follows.
pub(crate) struct FollowFigures(pub(crate) Vec<Arc<Followed>>);

impl fmt::Debug for FeedFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FeedFigures")
    }
}

impl fmt::Debug for FollowFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FollowFigures")
    }
}

impl Collector for FeedFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let figures = self.0.figures();
        gauge(&mut encoder, "keyfront_followers", "Edges that follow now", figures.followers)?;
        for (name, help, value) in [
            ("keyfront_follower_images", "Images that edges were sent", figures.images),
            ("keyfront_follower_lags", "Images of these to edges that fell behind", figures.lagged),
            ("keyfront_follower_commits", "Commits that were sent, for each edge", figures.commits),
            ("keyfront_follower_sent_bytes", "Bytes that edges were sent", figures.bytes),
        ] {
            counter(&mut encoder, name, help, value)?;
        }
        Ok(())
    }
}

impl Collector for FollowFigures {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let accounts: Vec<FollowedNow> = self.0.iter().map(|followed| followed.now()).collect();
        let connected = |now: &FollowedNow| Some(f64::from(u8::from(now.server.is_some())));
        let age = |now: &FollowedNow| now.age.map(|age| age.as_secs_f64());
        let help = "Whether a server is followed now.";
        of_accounts(&mut encoder, "keyfront_follow_connected", help, &accounts, connected)?;
        let help = "Time since what is served was known to be the newest, in seconds.";
        of_accounts(&mut encoder, "keyfront_follow_age_seconds", help, &accounts, age)?;
        let kind = ConstGauge::new(0_i64).metric_type();
        let help = "The version of the store that is served.";
        let mut metrics = encoder.encode_descriptor("keyfront_follow_version", help, None, kind)?;
        for now in &accounts {
            let labels = [("account", now.account.to_string())];
            let version = i64::try_from(now.version).unwrap_or(i64::MAX);
            ConstGauge::new(version).encode(metrics.encode_family(&labels)?)?;
        }
        let connections = accounts.iter().map(|now| now.connections).sum();
        counter(&mut encoder, "keyfront_follow_connections", "Streams that were begun", connections)
    }
}

/// A gauge for each account that has a value.
fn of_accounts(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    accounts: &[FollowedNow],
    value: impl Fn(&FollowedNow) -> Option<f64>,
) -> Result<(), fmt::Error> {
    let kind = ConstGauge::new(0.0_f64).metric_type();
    let mut metrics = encoder.encode_descriptor(name, help, None, kind)?;
    for now in accounts {
        let Some(value) = value(now) else { continue };
        let labels = [("account", now.account.to_string())];
        ConstGauge::new(value).encode(metrics.encode_family(&labels)?)?;
    }
    Ok(())
}
