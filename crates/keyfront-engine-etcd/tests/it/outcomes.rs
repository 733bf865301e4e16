//! Commits whose answer, or whose request, is lost on the way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use keyfront_engine::{Batch, Engine, Next, Outcome, Range, StoreError, Version};
use keyfront_engine_etcd::Settings;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fixture::{Cluster, open};

/// What becomes of bytes between an engine and a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
enum Loss {
    Nothing,
    Answers,
    Requests,
}

/// A way to a member that loses what it is told to lose.
#[derive(Clone)]
struct Way(Arc<AtomicU8>);

impl Way {
    async fn to(address: String) -> (Way, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let way = Way(Arc::default());
        let lossy = way.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&address).await else { continue };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(lossy.clone().carry(near_in, far_out, Loss::Requests));
                tokio::spawn(lossy.clone().carry(far_in, near_out, Loss::Answers));
            }
        });
        (way, url)
    }

    fn lose(&self, loss: Loss) {
        let code = match loss {
            Loss::Nothing => 0,
            Loss::Answers => 1,
            Loss::Requests => 2,
        };
        self.0.store(code, Ordering::SeqCst);
    }

    async fn carry(
        self,
        mut from: tokio::net::tcp::OwnedReadHalf,
        mut to: tokio::net::tcp::OwnedWriteHalf,
        loss: Loss,
    ) {
        let code = if loss == Loss::Answers { 1 } else { 2 };
        let mut buffer = vec![0; 64 << 10];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            // What is lost once is missing for good: the connection says nothing any more.
            if self.0.load(Ordering::SeqCst) == code {
                std::future::pending::<()>().await;
            }
            if to.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    }
}

/// The first member is reached over a lossy way, and the second one, where there is one, directly.
async fn lossy(cluster: &Cluster) -> (Way, Settings) {
    let (way, url) = Way::to(cluster.members[0].address()).await;
    let mut settings = cluster.settings("keyfront/");
    settings.endpoints[0] = url;
    (way, Settings { attempt_seconds: 1, operation_seconds: 5, ..settings })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_found_out_to_be_made_and_made_once() {
    let cluster = Cluster::of(3);
    for loss in [Loss::Answers, Loss::Requests] {
        let (way, settings) = lossy(&cluster).await;
        let engine = open(&settings);
        let before = engine.read(&[Range::key("key")]).await.unwrap();
        let mut changes = engine.watch(before.version).await.unwrap();
        way.lose(loss);
        let batch = Batch::default().check("key", before.version_of(0)).put("key", format!("{loss:?}"));
        let outcome = engine.commit(batch.clone()).await.unwrap();
        let after = engine.read(&[Range::key("key")]).await.unwrap();
        assert_eq!(outcome, Outcome::Committed(after.version_of(0)), "{loss:?}");
        assert_eq!(after.one(0).map(|entry| &entry.value[..]), Some(format!("{loss:?}").as_bytes()));
        let Next::Change(change) = changes.next().await else { panic!("no change") };
        assert_eq!((change.version, &change.writes), (after.version, &batch.writes));
        assert_eq!(engine.commit(batch).await.unwrap(), Outcome::Conflict, "its check holds no more");
        assert_eq!(changes.try_next(), None);
    }
}

/// While a commit waits for its answer, another server commits: the mark is looked for in all that came after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_found_out_to_be_made_among_those_of_others() {
    let cluster = Cluster::of(3);
    for loss in [Loss::Answers, Loss::Requests] {
        let (way, settings) = lossy(&cluster).await;
        let (engine, other) = (Arc::new(open(&settings)), open(&cluster.settings("keyfront/")));
        engine.commit(Batch::default().put("its slot", "is used")).await.unwrap();
        let before = engine.read(&[Range::key("key")]).await.unwrap();
        way.lose(loss);
        let committing = tokio::spawn({
            let batch = Batch::default().check("key", before.version_of(0)).put("key", format!("{loss:?}"));
            let engine = Arc::clone(&engine);
            async move { engine.commit(batch).await }
        });
        let mut others = Vec::new();
        while !committing.is_finished() {
            match other.commit(Batch::default().put("other", others.len().to_string())).await.unwrap() {
                Outcome::Committed(version) => others.push(version),
                Outcome::Conflict => panic!("nothing was checked"),
            }
            assert!(others.len() < 100_000, "it does not end");
        }
        let outcome = committing.await.unwrap().unwrap();
        let after = other.read(&[Range::key("key")]).await.unwrap();
        assert_eq!(outcome, Outcome::Committed(after.version_of(0)), "{loss:?}");
        assert!(before.version_of(0) < after.version_of(0), "{loss:?}");
        assert!(others.last().is_some_and(|last| *last > after.version_of(0)), "none came after it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_whose_answer_is_lost_is_still_a_conflict() {
    let cluster = Cluster::of(3);
    let (way, settings) = lossy(&cluster).await;
    let engine = open(&settings);
    engine.commit(Batch::default().put("key", "1")).await.unwrap();
    way.lose(Loss::Answers);
    let batch = Batch::default().absent("key").put("key", "2");
    assert_eq!(engine.commit(batch).await.unwrap(), Outcome::Conflict);
    let found = engine.read(&[Range::key("key")]).await.unwrap();
    assert_eq!(found.one(0).map(|entry| &entry.value[..]), Some(&b"1"[..]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_of_which_etcd_says_nothing_any_more_is_unknown_and_no_success() {
    let cluster = Cluster::of(1);
    for loss in [Loss::Answers, Loss::Requests] {
        let (way, settings) = lossy(&cluster).await;
        let engine = open(&Settings { operation_seconds: 1, ..settings });
        way.lose(loss);
        let outcome = engine.commit(Batch::default().put("key", format!("{loss:?}"))).await;
        assert!(matches!(outcome, Err(StoreError::OutcomeUnknown { .. })), "{loss:?}: {outcome:?}");
        assert!(outcome.is_err_and(
            |error| !error.outcome_is_known() && error.to_string().contains("read what is there")
        ));
        // Whatever happened to it, what comes next is clear.
        way.lose(Loss::Nothing);
        let engine = open(&cluster.settings("keyfront/"));
        let before = engine.read(&[Range::key("key")]).await.unwrap();
        let batch = Batch::default().check("key", before.version_of(0)).put("key", "next");
        assert!(matches!(engine.commit(batch).await.unwrap(), Outcome::Committed(_)));
        assert!(tokio::time::timeout(Duration::from_secs(5), engine.read(&[])).await.is_ok());
        assert!(engine.stats().version > Version::NEVER);
    }
}
