//! Numbers of the images of key value stores that a worker process has read from, so that it knows when it may use what it
//! read before.

use std::sync::{Arc, Weak};

use keyfront_domain::pairs::StorePairs;

/// Images that are remembered. A worker reads again from one that was forgotten.
const REMEMBERED: usize = 16;

/// The images that one worker process was told of, the one that was used last at the end.
#[derive(Default)]
pub(super) struct Images {
    /// A weak reference keeps no pairs, but the place of the image, so that no other image comes to lie there.
    numbered: Vec<(Weak<StorePairs>, u64)>,
    next: u64,
}

impl Images {
    /// The number of an image: the same as before, or one that was never given.
    pub(super) fn number_of(&mut self, pairs: &Arc<StorePairs>) -> u64 {
        let is_it = |(known, _): &(Weak<StorePairs>, u64)| std::ptr::eq(known.as_ptr(), Arc::as_ptr(pairs));
        let known = self.numbered.iter().rposition(is_it).map(|position| self.numbered.remove(position));
        let entry = known.unwrap_or_else(|| {
            self.next += 1;
            (Arc::downgrade(pairs), self.next)
        });
        let number = entry.1;
        if self.numbered.len() >= REMEMBERED {
            self.numbered.remove(0);
        }
        self.numbered.push(entry);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Arc<StorePairs> {
        Arc::new(StorePairs::empty(0, 0))
    }

    #[test]
    fn an_image_keeps_its_number_and_no_other_gets_it() {
        let mut images = Images::default();
        let [one, same_content] = [image(), image()];
        assert_eq!([&one, &same_content, &one].map(|pairs| images.number_of(pairs)), [1, 2, 1]);
        // One that is gone leaves neither its place nor its number to another.
        drop(one);
        let others: Vec<_> = (0..100).map(|_| images.number_of(&image())).collect();
        assert!(
            others.iter().enumerate().all(|(index, number)| !others[..index].contains(number) && *number > 2)
        );
        assert!(images.numbered.len() <= REMEMBERED);
        assert!(images.number_of(&same_content) > 2, "it was forgotten");
    }
}
