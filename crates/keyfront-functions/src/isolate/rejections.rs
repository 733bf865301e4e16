//! Tracks unhandled promise rejections. njs fails an invocation that leaves one behind.

use std::cell::RefCell;
use std::rc::Rc;

use rquickjs::{Ctx, Persistent, Runtime, Value};

/// A value that outlives the engine's calls.
type PersistentValue = Persistent<Value<'static>>;

/// The promises of an engine that are rejected and unhandled, with their reasons, the oldest first.
#[derive(Clone, Default)]
pub(super) struct Rejections(Rc<RefCell<Vec<(PersistentValue, PersistentValue)>>>);

impl Rejections {
    /// Watches an engine.
    pub(super) fn of(runtime: &Runtime) -> Rejections {
        let rejections = Rejections::default();
        let watching = rejections.clone();
        runtime.set_host_promise_rejection_tracker(Some(Box::new(move |ctx, promise, reason, handled| {
            watching.forget(&ctx, &promise);
            if !handled {
                let pair = (Persistent::save(&ctx, promise), Persistent::save(&ctx, reason));
                watching.0.borrow_mut().push(pair);
            }
        })));
        rejections
    }

    /// Removes a promise.
    pub(super) fn forget<'js>(&self, ctx: &Ctx<'js>, promise: &Value<'js>) {
        let same = |kept: &PersistentValue| kept.clone().restore(ctx).is_ok_and(|kept| kept == *promise);
        let position = self.0.borrow().iter().position(|(kept, _)| same(kept));
        // The values are dropped after the borrow: to drop one may free a promise.
        let struck = position.map(|position| self.0.borrow_mut().remove(position));
        drop(struck);
    }

    /// The reason of the oldest one.
    pub(super) fn first<'js>(&self, ctx: &Ctx<'js>) -> Option<Value<'js>> {
        let first = self.0.borrow().first().map(|(_, reason)| reason.clone());
        first.and_then(|reason| reason.restore(ctx).ok())
    }

    /// Removes all.
    pub(super) fn clear(&self) {
        drop(std::mem::take(&mut *self.0.borrow_mut()));
    }
}
