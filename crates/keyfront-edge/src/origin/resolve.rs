//! Addresses of origins: names are looked up for each new connection, and remembered for a short time.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use quick_cache::sync::Cache;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use super::exchange::OriginFailure;

/// How long addresses are used without asking again. AWS's own name servers give 60 s for most names; origins that move
/// are found sooner.
const FRESH: Duration = Duration::from_secs(10);

/// How long it is remembered that a name has no address, so that a flood of requests is not one of lookups.
const NO_ADDRESS: Duration = Duration::from_secs(1);

/// Names that are remembered; functions may choose any.
const NAMES: usize = 4096;

/// Lookups at the same time. Each blocks a thread for as long as the name server is silent.
const LOOKUPS: usize = 32;

/// Looks up the addresses of a name.
pub type LookUp =
    Arc<dyn Fn(String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> + Send + Sync>;

/// The system's own.
pub(super) fn system() -> LookUp {
    Arc::new(|host| {
        Box::pin(async move {
            // The port is not used.
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Names and their addresses.
pub(super) struct Resolver {
    look_up: LookUp,
    names: Cache<String, Arc<Mutex<Known>>>,
    lookups: Arc<Semaphore>,
}

/// What is known of a name.
#[derive(Default)]
struct Known {
    /// The last addresses found. They are used on when a later lookup fails.
    addresses: Option<Arc<[IpAddr]>>,
    /// When to ask again.
    until: Option<Instant>,
}

impl Resolver {
    pub(super) fn new(look_up: LookUp) -> Resolver {
        Resolver { look_up, names: Cache::new(NAMES), lookups: Arc::new(Semaphore::new(LOOKUPS)) }
    }

    /// The addresses of a name or an address, at least one, those of IPv4 first.
    ///
    /// # Errors
    /// `Resolve`: there is none.
    pub(super) async fn resolve(&self, host: &str) -> Result<Arc<[IpAddr]>, OriginFailure> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(Arc::from([address]));
        }
        let known = self.names.get(host).unwrap_or_else(|| {
            let known = Arc::<Mutex<Known>>::default();
            self.names.insert(host.to_owned(), Arc::clone(&known));
            known
        });
        // The requests that want the same name wait for one lookup.
        let mut known = known.lock().await;
        if known.until.is_none_or(|until| until <= Instant::now()) {
            let found = self.look_up(host).await;
            let now = Instant::now();
            if let Some(found) = found {
                known.addresses = Some(found);
                known.until = Some(now + FRESH);
            } else {
                known.until = Some(now + NO_ADDRESS);
            }
        }
        known.addresses.clone().ok_or_else(|| OriginFailure::Resolve(host.to_owned()))
    }

    /// Looks a name up in a task of its own: who gives up waiting does not make room for the next lookup while this
    /// one still blocks its thread.
    async fn look_up(&self, host: &str) -> Option<Arc<[IpAddr]>> {
        let room = Arc::clone(&self.lookups).acquire_owned().await.ok()?;
        let lookup = (self.look_up)(host.to_owned());
        let task = tokio::spawn(async move {
            let found = lookup.await;
            drop(room);
            found
        });
        let mut found = match task.await.map_err(io::Error::other).flatten() {
            Ok(found) => found,
            Err(error) => {
                tracing::debug!(host, %error, "the name of an origin was not found");
                return None;
            }
        };
        found.sort_by_key(IpAddr::is_ipv6);
        found.dedup();
        (!found.is_empty()).then(|| Arc::from(found))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Answers by count: `None` fails.
    fn scripted(answers: Vec<Option<&'static str>>) -> (Resolver, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        let resolver = Resolver::new(Arc::new(move |_host| {
            let answer = answers.get(counter.fetch_add(1, Ordering::SeqCst)).copied().flatten();
            Box::pin(async move {
                let text = answer.ok_or_else(|| io::Error::other("no answer"))?;
                Ok(text.split(' ').map(|address| address.parse().unwrap()).collect())
            })
        }));
        (resolver, asked)
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_are_kept_for_a_while_and_the_old_ones_on_failure() {
        let (resolver, asked) = scripted(vec![Some("::1 127.0.0.1"), None, Some("127.0.0.2")]);
        for (wait_s, expected, lookups) in
            [(0, "127.0.0.1", 1), (9, "127.0.0.1", 1), (2, "127.0.0.1", 2), (2, "127.0.0.2", 3)]
        {
            tokio::time::advance(Duration::from_secs(wait_s)).await;
            let addresses = resolver.resolve("a.example.com").await.unwrap();
            assert_eq!(addresses[0].to_string(), expected);
            assert_eq!(asked.load(Ordering::SeqCst), lookups);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_name_without_an_address_is_asked_for_again_a_second_later() {
        let (resolver, asked) = scripted(vec![None, Some("127.0.0.1")]);
        let failure = resolver.resolve("a.example.com").await.unwrap_err();
        assert_eq!(failure, OriginFailure::Resolve("a.example.com".to_owned()));
        assert!(resolver.resolve("a.example.com").await.is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        tokio::time::advance(Duration::from_millis(1100)).await;
        assert!(resolver.resolve("a.example.com").await.is_ok());
    }

    #[tokio::test]
    async fn an_address_is_not_looked_up() {
        let (resolver, asked) = scripted(Vec::new());
        for address in ["127.0.0.1", "::1"] {
            assert_eq!(resolver.resolve(address).await.unwrap()[0].to_string(), address);
        }
        assert_eq!(asked.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn requests_for_one_name_share_a_lookup() {
        let (resolver, asked) = scripted(vec![Some("127.0.0.1")]);
        let (a, b) = tokio::join!(resolver.resolve("a.example.com"), resolver.resolve("a.example.com"));
        assert!(a.is_ok() && b.is_ok());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
}
