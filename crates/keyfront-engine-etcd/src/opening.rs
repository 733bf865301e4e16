//! The start of an engine.

use std::sync::Arc;

use keyfront_engine::{Range, Unusable};
use tokio::time::Instant;

use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::keys::KeySpace;
use crate::proto::etcdserverpb::RangeRequest;
use crate::request;
use crate::session::{self, Sessions};
use crate::settings::Settings;
use crate::shared::{Shared, version_of};
use crate::{follow, limits, monitor, upkeep};

/// The form of what is stored here. A later form has another value, so that this one does not read it.
const FORMAT: &[u8] = b"keyfront 1";

/// What to do where no data of Keyfront is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    Begin,
    Refuse,
}

/// Opens the key space and starts what goes on beside the calls.
pub(crate) async fn open(settings: Settings, absent: Absent) -> Result<Arc<Shared>, Unusable> {
    let keys = KeySpace::new(&settings.prefix);
    let limits = limits::of(&settings, &keys)?;
    let cluster = Cluster::new(&settings)?;
    let until = Instant::now() + settings.operation();
    let unreachable = |failure: Failure| {
        failure.unusable(&format!("etcd at {} cannot be used", settings.endpoints.join(", ")))
    };
    check_format(&cluster, &keys, &settings, absent, until).await?;
    limits::check(&cluster, &settings, &keys).await?;
    session::collect(&cluster, &keys, until).await.map_err(unreachable)?;
    let lease = session::begin(&cluster, &keys, until).await.map_err(unreachable)?;
    let head = request::keys_only(request::key(keys.head()));
    let head = cluster.repeat(until, |client| client.range(head.clone())).await.map_err(unreachable)?;
    let version = version_of(request::written_at(&head));
    let next = request::revision_of_read(&head).saturating_add(1);
    let shared = Shared::new(settings, limits, keys, cluster, Sessions::new(lease), version);
    tokio::spawn(follow::follow(Arc::clone(&shared), next));
    tokio::spawn(upkeep::keep_alive(Arc::clone(&shared)));
    tokio::spawn(upkeep::tidy(Arc::clone(&shared)));
    tokio::spawn(monitor::watch_over(Arc::clone(&shared)));
    Ok(shared)
}

/// The prefix must belong to Keyfront, in this form, or to nothing yet.
async fn check_format(
    cluster: &Cluster,
    keys: &KeySpace,
    settings: &Settings,
    absent: Absent,
    until: Instant,
) -> Result<(), Unusable> {
    let (prefix, endpoints) = (&settings.prefix, settings.endpoints.join(", "));
    let unreachable = |failure: Failure| failure.unusable(&format!("etcd at {endpoints} cannot be used"));
    let every = Range::prefix(prefix.clone());
    let all = request::range((every.start, every.end));
    let any = RangeRequest { limit: 1, ..request::keys_only(all) };
    let found = cluster.repeat(until, |client| client.range(any.clone())).await.map_err(unreachable)?;
    if found.kvs.is_empty() && absent == Absent::Refuse {
        return Err(Unusable::new(format!("etcd at {endpoints} has no data of Keyfront under {prefix:?}")));
    }
    // Several servers may begin at once.
    let put = request::put(keys.format(), FORMAT.into());
    let begin = if found.kvs.is_empty() { vec![put] } else { Vec::new() };
    let txn = request::when(vec![request::is_absent(keys.format())], begin);
    let txn = request::otherwise(txn, vec![request::read(request::key(keys.format()))]);
    let answer = cluster.repeat(until, |client| client.transact(txn.clone())).await.map_err(unreachable)?;
    if answer.succeeded {
        let is_ours = found.kvs.is_empty();
        return if is_ours { Ok(()) } else { Err(foreign(prefix, &endpoints)) };
    }
    let format = request::reads_of(answer).next().and_then(request::one);
    if format.is_some_and(|format| format.value == FORMAT) {
        return Ok(());
    }
    Err(Unusable::new(format!(
        "what etcd at {endpoints} has under {prefix:?} is of a later version of Keyfront; upgrade this server"
    )))
}

fn foreign(prefix: &str, endpoints: &str) -> Unusable {
    Unusable::new(format!(
        "the keys that etcd at {endpoints} has under {prefix:?} are not Keyfront's; choose another prefix in \
         [store.etcd]"
    ))
}
