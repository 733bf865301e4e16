//! Copies from one engine into another, whatever breaks off.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use keyfront_engine::MemoryEngine;
use keyfront_store::copying::{self, CopyError, Step};
use keyfront_store::records::CredentialRecord;
use keyfront_store::{Batch, credentials, saved_states};

use super::staged::{Ending, create_many, small};
use super::*;

/// At whatever commit a copy breaks off, the next one completes it, and one more finds nothing to do.
#[tokio::test]
async fn a_copy_that_breaks_off_is_completed_by_the_next_one() {
    let from = MemoryEngine::new();
    create_many(&from, 0..100, "copied ").await;
    for user in ["ada", "bob"] {
        let record = CredentialRecord {
            access_key_id: format!("AKIA{user}"),
            account: arn(1).account,
            user_name: user.to_owned(),
            policy: String::from("{}"),
            sealed_secret: String::from("sealed"),
            created_ms: 0,
        };
        assert!(credentials::put(&from, &record).await.unwrap());
    }
    let source = saved_states::take(&from).await.unwrap();
    let mut broken = 0;
    for commits in 0.. {
        let to = Arc::new(small());
        let first = copying::copy(&from, &Ending::after(&to, commits), |_step| {}).await;
        let copied = copying::copy(&from, &*to, |_step| {}).await.unwrap();
        assert_eq!((copied.contents.stores, copied.credentials), (100, 2));
        assert_eq!(saved_states::take(&*to).await.unwrap(), source);
        assert_eq!(credentials::list(&*to).await.unwrap(), credentials::list(&from).await.unwrap());
        stores::audit(&*to).await.unwrap();
        if first.is_ok() {
            let version = to.read(&[]).await.unwrap().version;
            copying::copy(&from, &*to, |_step| {}).await.unwrap();
            assert_eq!(to.read(&[]).await.unwrap().version, version, "nothing was left to do");
            break;
        }
        broken += 1;
    }
    assert!(broken > 8, "it is made in several commits: {broken}");
}

#[tokio::test]
async fn a_copy_is_refused_where_something_else_is() {
    let (from, to) = (MemoryEngine::new(), small());
    create_many(&from, 0..3, "copied ").await;
    create(&to, &new("other", 7)).await.unwrap();
    let before = saved_states::take(&to).await.unwrap();
    let refused = copying::copy(&from, &to, |_step| {}).await.unwrap_err();
    assert!(matches!(refused, CopyError::NotEmpty), "{refused}");
    assert_eq!(saved_states::take(&to).await.unwrap(), before);
}

#[tokio::test]
async fn a_source_that_changes_during_the_copy_is_noticed() {
    let (from, to) = (Arc::new(MemoryEngine::new()), small());
    create_many(&*from, 0..3, "copied ").await;
    let writing = Arc::clone(&from);
    let meddle = move |step| {
        if step == Step::Verifying {
            let late = pin!(writing.commit(Batch::default().put("late", "1")));
            let answered = late.poll(&mut Context::from_waker(Waker::noop()));
            assert!(matches!(answered, Poll::Ready(Ok(_))), "memory answers at once");
        }
    };
    let refused = copying::copy(&*from, &to, meddle).await.unwrap_err();
    assert!(matches!(refused, CopyError::Changed), "{refused}");
}
