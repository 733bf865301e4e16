//! Random histories: whatever is written, and however often an edge or a relay loses its connection, each shows the state
//! after a whole commit of the store.

use std::collections::HashMap;
use std::sync::Arc;

use keyfront_store::{Batch, Engine, Version};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::fixture::{Edge, Link, Sender, State, change, key, pair_key, state, store};

/// What happens next.
#[derive(Clone, Debug)]
enum Event {
    /// A commit of these writes.
    Commit(Vec<Written>),
    /// The edge of this number takes what was sent to it.
    Take(usize),
    /// It loses its connection, and makes another one.
    Reconnect(usize),
    /// The server is started again.
    Restart,
}

#[derive(Clone, Debug)]
enum Written {
    Put(u8, u8),
    Delete(u8),
    DeleteRange(u8, u8),
    /// What does not travel.
    Elsewhere(u8),
}

const EDGES: usize = 3;

fn events() -> impl Strategy<Value = Vec<Event>> {
    let written = prop_oneof![
        4 => (0..40_u8, any::<u8>()).prop_map(|(key, value)| Written::Put(key, value)),
        1 => (0..40_u8).prop_map(Written::Delete),
        1 => (0..40_u8, 0..40_u8).prop_map(|(start, end)| Written::DeleteRange(start, end)),
        1 => any::<u8>().prop_map(Written::Elsewhere),
    ];
    let event = prop_oneof![
        6 => vec(written, 1..6).prop_map(Event::Commit),
        6 => (0..EDGES).prop_map(Event::Take),
        1 => (0..EDGES).prop_map(Event::Reconnect),
        1 => Just(Event::Restart),
    ];
    vec(event, 1..80)
}

fn batch(writes: &[Written]) -> Batch {
    let name = |key: &u8| format!("{key:02}");
    writes.iter().fold(Batch::default(), |batch, written| match written {
        Written::Put(at, value) => batch.put(pair_key(&name(at)), vec![*value]),
        Written::Delete(at) => batch.delete(pair_key(&name(at))),
        Written::DeleteRange(start, end) => batch.delete_range(pair_key(&name(start)), pair_key(&name(end))),
        Written::Elsewhere(at) => batch.put(key(0x03, &name(at)), vec![*at]),
    })
}

/// The store, two edges behind it, of which the second is a relay, and an edge behind that.
struct World {
    store: Arc<dyn Engine>,
    server: Sender,
    edges: Vec<Edge>,
    relay: Sender,
    links: Vec<Option<Link>>,
    /// What the store showed at each version.
    states: HashMap<Version, State>,
    timelines: u128,
}

impl World {
    async fn new() -> World {
        let store = store();
        let mut edges = Vec::new();
        for _ in 0..EDGES {
            edges.push(Edge::new().await);
        }
        let relay = edges[1].relay();
        let server = Sender::of_store(&store);
        let links = (0..EDGES).map(|_| None).collect();
        World { store, server, edges, relay, links, states: HashMap::new(), timelines: 1 }
    }

    async fn happen(&mut self, event: Event) {
        match event {
            Event::Commit(writes) => {
                change(&*self.store, batch(&writes)).await;
                self.remember().await;
            }
            Event::Take(edge) => self.take(edge).await,
            Event::Reconnect(edge) => self.links[edge] = None,
            Event::Restart => {
                self.timelines += 1;
                let id = uuid::Uuid::from_u128(self.timelines);
                keyfront_store::replication::begin_timeline(&*self.store, id).await.unwrap();
                self.remember().await;
            }
        }
    }

    async fn remember(&mut self) {
        let (version, state) = state(&*self.store).await;
        self.states.insert(version, state);
    }

    async fn take(&mut self, number: usize) {
        let sender = if number == 2 { &self.relay } else { &self.server };
        let edge = &mut self.edges[number];
        let link = self.links[number].get_or_insert_with(|| edge.connect(sender));
        let taken = match link.frames().await {
            Some(frames) => edge.follower.receive(frames).await.is_ok(),
            None => false,
        };
        if !taken {
            // The relay has no image, or less than the edge got before.
            self.links[number] = None;
        }
        self.remember().await;
        self.check(number).await;
    }

    /// The edge shows what the store showed at its version.
    async fn check(&self, number: usize) {
        let edge = &self.edges[number];
        let (shown, version) = (state(&*edge.engine).await.1, edge.version());
        if version != Version::NEVER {
            assert_eq!(Some(&shown), self.states.get(&version), "edge {number} at version {}", version.0);
        }
    }

    /// Lets all edges catch up.
    async fn settle(&mut self) {
        let last = self.store.stats().version;
        for number in 0..EDGES {
            for _ in 0..2_000 {
                if self.edges[number].version() >= last {
                    break;
                }
                self.take(number).await;
            }
            self.edges[number].assert_shows(&*self.store).await;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn an_edge_shows_whole_commits_and_in_the_end_what_the_store_shows(events in events()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            for event in events {
                world.happen(event).await;
            }
            world.settle().await;
        });
    }
}
