//! A simulation: how changes spread from servers over relays to many edges, from the costs that were measured of few.
//!
//! Edges form a tree, each server and relay with as many followers as its width. A node takes changes one after the other,
//! on one processor: it spends what a change costs itself, then what each follower costs, and what is sent first
//! arrives first. Changes come at random moments. All nodes of a tier are alike, so a path from the top to an edge stands for
//! all; many paths with other places among their siblings are averaged.
//!
//! What is not simulated: several changes that are taken at once, which makes a busy node cheaper than here; other work
//! of the same machine; and lost connections. The numbers come from a fixed seed, so that a run gives the same again.

use std::time::Duration;

/// What to spread, and what it costs.
#[derive(Clone, clap::Args)]
pub(crate) struct FanoutArguments {
    /// Simulate how changes spread over relays to many edges
    #[arg(long)]
    fanout: bool,
    /// Edges that changes have to reach
    #[arg(long, default_value_t = 10_000, requires = "fanout")]
    fanout_edges: u32,
    /// Changes a second
    #[arg(long, default_value_t = 1000, requires = "fanout")]
    changes: u32,
    /// Processor time of an edge or relay for one change, in microseconds
    #[arg(long, default_value_t = 150, requires = "fanout")]
    own_us: u32,
    /// Processor time for each follower of a change, in microseconds
    #[arg(long, default_value_t = 15, requires = "fanout")]
    follower_us: u32,
    /// What one change takes on the wire, in bytes
    #[arg(long, default_value_t = 300, requires = "fanout")]
    change_bytes: u32,
    /// From one node to the next over the network, in microseconds
    #[arg(long, default_value_t = 1000, requires = "fanout")]
    hop_us: u32,
}

/// Followers of each server and relay.
const WIDTHS: [u32; 6] = [5, 10, 15, 20, 100, 10_000];

/// Changes on each path, and paths.
const CHANGES: u32 = 20_000;
const PATHS: u64 = 16;

/// What came of one width.
#[derive(Debug, PartialEq)]
struct Spread {
    /// Steps from a server to an edge.
    tiers: u32,
    relays: u32,
    /// The share of a processor that a server or relay needs; above one it falls behind further and further.
    load: f64,
    megabits: f64,
    /// From the commit to an edge: the median, and the time that one of a hundred takes longer than.
    delays: Option<(Duration, Duration)>,
}

impl FanoutArguments {
    pub(crate) fn wanted(&self) -> bool {
        self.fanout
    }
}

/// Prints a table, a line for each width.
pub(crate) fn run(arguments: &FanoutArguments) {
    let edge = f64::from(arguments.changes) * f64::from(arguments.own_us) / 1e6;
    println!(
        "{} edges, {} changes/s; an edge needs {:.0} % of a processor for them",
        arguments.fanout_edges,
        arguments.changes,
        edge * 100.0
    );
    println!("| followers each | tiers | relays | load of a relay | sends | visible, p50 | p99 |");
    println!("|---|---|---|---|---|---|---|");
    for width in WIDTHS {
        let Spread { tiers, relays, load, megabits, delays } = spread(arguments, width);
        let delays = delays.map_or_else(
            || "falls behind | ".to_owned(),
            |(median, most)| format!("{:.1} ms | {:.1} ms", milliseconds(median), milliseconds(most)),
        );
        println!(
            "| {width} | {tiers} | {relays} | {:.0} % | {megabits:.0} Mbit/s | {delays} |",
            load * 100.0
        );
    }
}

fn spread(arguments: &FanoutArguments, width: u32) -> Spread {
    let (tiers, relays) = tree(arguments.fanout_edges, width);
    let width = width.min(arguments.fanout_edges);
    let rate = f64::from(arguments.changes);
    let service = f64::from(arguments.own_us) + f64::from(width) * f64::from(arguments.follower_us);
    let load = rate * service / 1e6;
    let megabits = rate * f64::from(width) * f64::from(arguments.change_bytes) * 8.0 / 1e6;
    let delays = (load < 1.0).then(|| simulate(arguments, width, tiers));
    Spread { tiers, relays, load, megabits, delays }
}

/// How many steps reach that many edges, and how many of the nodes are relays: those of all steps but the last.
fn tree(edges: u32, width: u32) -> (u32, u32) {
    let (mut tiers, mut reached, mut relays) = (1, width, 0_u32);
    while reached < edges && width > 1 {
        tiers += 1;
        reached = reached.saturating_mul(width);
    }
    let mut of_tier = edges;
    for _ in 1..tiers {
        of_tier = of_tier.div_ceil(width);
        relays = relays.saturating_add(of_tier);
    }
    (tiers, relays)
}

/// Median and 99th percentile of the delays on many paths.
fn simulate(arguments: &FanoutArguments, width: u32, tiers: u32) -> (Duration, Duration) {
    let mut delays = Vec::new();
    for path in 0..PATHS {
        let mut chance = fastrand::Rng::with_seed(path);
        let mut now = 0.0;
        let commits: Vec<f64> = (0..CHANGES)
            .map(|_| {
                // The pauses of a Poisson process.
                now -= (1.0 - chance.f64()).ln() * 1e6 / f64::from(arguments.changes);
                now
            })
            .collect();
        let mut arrivals = commits.clone();
        for _ in 0..tiers {
            let place = f64::from(chance.u32(1..=width));
            arrivals = pass(arguments, width, place, &arrivals);
        }
        // The edge itself has no followers.
        let shown = pass(arguments, 0, 0.0, &arrivals);
        delays.extend(shown.iter().zip(&commits).map(|(shown, commit)| shown - commit));
    }
    delays.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| {
        let delay = delays.get((delays.len().saturating_sub(1)) * percent / 100).copied().unwrap_or(0.0);
        Duration::from_secs_f64(delay / 1e6)
    };
    (at(50), at(99))
}

/// When changes that come at these moments reach the follower at a place; without followers, when they are in force.
fn pass(arguments: &FanoutArguments, width: u32, place: f64, arrivals: &[f64]) -> Vec<f64> {
    let (own, each) = (f64::from(arguments.own_us), f64::from(arguments.follower_us));
    let hop = if width > 0 { f64::from(arguments.hop_us) } else { 0.0 };
    let mut free: f64 = 0.0;
    let sent = |arrival: &f64| {
        let begins = free.max(*arrival);
        free = begins + own + f64::from(width) * each;
        begins + own + place * each + hop
    };
    arrivals.iter().map(sent).collect()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(edges: u32, changes: u32) -> FanoutArguments {
        FanoutArguments {
            fanout: true,
            fanout_edges: edges,
            changes,
            own_us: 100,
            follower_us: 10,
            change_bytes: 250,
            hop_us: 1000,
        }
    }

    #[test]
    fn a_tree_has_as_few_tiers_as_reach_all_edges() {
        let cases = [
            // All follow a server.
            ((10, 10), (1, 0)),
            ((100, 10), (2, 10)),
            ((101, 10), (3, 11 + 2)),
            ((10_000, 10), (4, 1000 + 100 + 10)),
            ((10_000, 100), (2, 100)),
            ((10_000, 10_000), (1, 0)),
        ];
        for ((edges, width), expected) in cases {
            assert_eq!(tree(edges, width), expected, "{edges} edges, {width} each");
        }
    }

    /// One change every hundred seconds meets no other, so a delay is what the steps take.
    #[test]
    fn without_queues_a_delay_is_the_sum_of_its_steps() {
        let rare = FanoutArguments { changes: 0, ..arguments(100, 0) };
        let arrivals = [0.0, 1e8, 2e8];
        assert_eq!(pass(&rare, 10, 10.0, &arrivals), [1200.0, 1e8 + 1200.0, 2e8 + 1200.0]);
        assert_eq!(pass(&rare, 0, 0.0, &arrivals), [100.0, 1e8 + 100.0, 2e8 + 100.0]);
    }

    #[test]
    fn a_change_waits_for_the_one_before_it() {
        let arrivals = [0.0, 50.0];
        // The first takes 100 + 2 · 10.
        assert_eq!(pass(&arguments(2, 1), 2, 1.0, &arrivals), [1110.0, 1230.0]);
    }

    #[test]
    fn load_and_traffic_follow_from_the_width_and_one_processor_is_the_end() {
        let wide = spread(&arguments(10_000, 1000), 50);
        assert_eq!((wide.load, wide.megabits), (0.6, 100.0));
        assert!(wide.delays.is_some());
        let too_wide = spread(&arguments(10_000, 1000), 100);
        assert_eq!((too_wide.load, too_wide.delays), (1.1, None));
    }

    #[test]
    fn a_run_gives_the_same_again_and_more_load_longer_delays() {
        let quiet = spread(&arguments(10_000, 100), 50);
        assert_eq!(quiet, spread(&arguments(10_000, 100), 50));
        let (Some((_, quiet)), Some((_, busy))) = (quiet.delays, spread(&arguments(10_000, 1500), 50).delays)
        else {
            panic!("one of them falls behind");
        };
        assert!(busy > quiet * 2, "{quiet:?} and {busy:?}");
    }
}
