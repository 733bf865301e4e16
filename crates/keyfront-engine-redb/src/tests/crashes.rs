//! Power losses at random moments: whatever was answered is there, and nothing is there by half.

use std::ops::Range;
use std::sync::Arc;

use super::platter::{Crash, Dice, Platter};
use super::{after, contents, open, small};
use keyfront_engine::{Batch, Change, Engine, Next, Outcome, Version};

const WRITERS: u64 = 4;
const COMMITS_EACH: u64 = 25;

/// Commits from several tasks on a platter that loses power now and then; answers what was committed
/// and the images that the losses left.
async fn run(seed: u64, lies: bool) -> (Vec<Arc<Change>>, Vec<Crash>) {
    let platter = Arc::new(Platter::default());
    let engine = Arc::new(open(&platter, small()).unwrap());
    let mut changes = engine.watch(Version::NEVER).await.unwrap();
    platter.cut_power(seed, 25);
    if lies {
        platter.lie_about_syncs();
    }
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (engine, platter) = (Arc::clone(&engine), Arc::clone(&platter));
            let mut dice = Dice::new(seed * WRITERS + writer + 1);
            tokio::spawn(async move {
                for _ in 0..COMMITS_EACH {
                    let mut batch = Batch::default();
                    for _ in 0..=dice.below(3) {
                        let key = format!("key-{:02}", dice.below(40));
                        let value = vec![b'x'; usize::try_from(dice.below(3000)).unwrap()];
                        batch = if dice.below(5) == 0 { batch.delete(key) } else { batch.put(key, value) };
                    }
                    match engine.commit(batch).await.unwrap() {
                        Outcome::Committed(version) => platter.promise(version.0),
                        Outcome::Conflict => panic!("a conflict without a check"),
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut history = Vec::new();
    while let Some(Next::Change(change)) = changes.try_next() {
        history.push(change);
    }
    drop(engine);
    (history, platter.crashes())
}

/// Opens what a power loss left; the error says what was lost.
async fn examine(history: &[Arc<Change>], crash: Crash) -> Result<(), String> {
    let engine = open(&Platter::holding(crash.image), small()).map_err(|error| error.to_string())?;
    let (version, entries) = contents(&engine).await.map_err(|error| error.to_string())?;
    if version.0 < crash.promised {
        return Err(format!("version {} was answered, and {} is there", crash.promised, version.0));
    }
    let committed = history.iter().take_while(|change| change.version <= version);
    if entries != after(committed.flat_map(|change| &change.writes)) {
        return Err(format!("the entries are not those of version {}", version.0));
    }
    Ok(())
}

async fn examine_all(seeds: Range<u64>, lies: bool) -> (usize, Vec<String>) {
    let (mut crashes, mut losses) = (0, Vec::new());
    for seed in seeds {
        let (history, images) = run(seed, lies).await;
        assert_eq!(u64::try_from(history.len()).unwrap(), WRITERS * COMMITS_EACH);
        for crash in images {
            crashes += 1;
            let promised = crash.promised;
            if let Err(loss) = examine(&history, crash).await {
                losses.push(format!("seed {seed}, after version {promised}: {loss}"));
            }
        }
    }
    (crashes, losses)
}

#[tokio::test]
async fn every_answered_commit_survives_a_power_loss() {
    let (crashes, losses) = examine_all(1..25, false).await;
    assert!(crashes > 200, "only {crashes} power losses were tried");
    assert_eq!(losses, Vec::<String>::new());
}

/// The negative control: this test is able to see a loss.
#[tokio::test]
async fn a_disk_that_ignores_syncs_is_caught() {
    let (_, losses) = examine_all(1..2, true).await;
    assert!(!losses.is_empty(), "the disk ignored every sync, and nothing was lost");
}
