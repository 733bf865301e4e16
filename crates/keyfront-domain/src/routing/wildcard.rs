//! Text with the wildcards `*` and `?`, compiled for many matches.
//!
//! What stands before the first wildcard and behind the last is compared as a whole. Only what is between two wildcards
//! needs an automaton: its states are bits, and each byte of the text moves all of them at once. A match costs the
//! length of the text times the length of the pattern over 64, whatever both say; it never goes back.

/// A pattern in which `*` stands for any number of bytes and `?` for exactly one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Wildcard {
    /// What the text begins with.
    start: Box<[u8]>,
    /// What is between start and end.
    middle: Middle,
    /// What the text ends with.
    end: Box<[u8]>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Middle {
    /// The pattern has no wildcard.
    Nothing,
    /// Nothing but `*`.
    Anything,
    /// Everything else.
    Automaton(Box<Automaton>),
}

impl Wildcard {
    pub(crate) fn new(pattern: &str) -> Wildcard {
        let pattern = pattern.as_bytes();
        let is_wildcard = |byte: &u8| matches!(byte, b'*' | b'?');
        let first = pattern.iter().position(is_wildcard).unwrap_or(pattern.len());
        let (start, rest) = pattern.split_at_checked(first).unwrap_or((pattern, &[]));
        let behind_last = rest.iter().rposition(is_wildcard).map_or(0, |last| last + 1);
        let (between, end) = rest.split_at_checked(behind_last).unwrap_or((rest, &[]));
        let middle = match between {
            [] => Middle::Nothing,
            other if other.iter().all(|byte| *byte == b'*') => Middle::Anything,
            other => Middle::Automaton(Box::new(Automaton::new(other))),
        };
        Wildcard { start: start.into(), middle, end: end.into() }
    }

    /// Whether the whole of `text` fits the pattern.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        let inner = text.strip_prefix(&*self.start).and_then(|rest| rest.strip_suffix(&*self.end));
        inner.is_some_and(|inner| match &self.middle {
            Middle::Nothing => inner.is_empty(),
            Middle::Anything => true,
            Middle::Automaton(automaton) => automaton.matches(inner),
        })
    }
}

/// Bit `n` of the states is set where the first `n` characters of the pattern fit what was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Automaton {
    /// For each byte, which of `accepts` it has.
    classes: Box<[u8; 256]>,
    /// By class, the states that such a byte leads out of.
    accepts: Vec<Words>,
    /// The states in front of a `*`, which every byte leads back to.
    stays: Words,
    /// The last state.
    end: Words,
}

type Words = Vec<u64>;

impl Automaton {
    fn new(pattern: &[u8]) -> Automaton {
        let characters: Vec<u8> = pattern.iter().copied().filter(|byte| *byte != b'*').collect();
        let words = characters.len() / 64 + 1;
        let states = |which: &mut dyn Iterator<Item = usize>| {
            let mut bits = vec![0; words];
            for state in which {
                if let Some(word) = bits.get_mut(state / 64) {
                    *word |= 1_u64 << (state % 64);
                }
            }
            bits
        };
        let leading = |wanted: u8| {
            let leads = move |byte: u8| byte == wanted || byte == b'?';
            characters.iter().enumerate().filter(move |(_, byte)| leads(**byte)).map(|(state, _)| state)
        };
        // The class 0 is that of bytes which the pattern does not name.
        let mut classes = Box::new([0; 256]);
        let mut accepts = vec![states(&mut leading(b'?'))];
        for byte in 0..=u8::MAX {
            let named = byte != b'?' && characters.contains(&byte);
            if let (true, Some(class)) = (named, classes.get_mut(usize::from(byte))) {
                *class = u8::try_from(accepts.len()).unwrap_or_default();
                accepts.push(states(&mut leading(byte)));
            }
        }
        let before_stars = pattern.iter().scan(0, |passed, byte| {
            *passed += usize::from(*byte != b'*');
            Some((*byte == b'*').then_some(*passed))
        });
        Automaton {
            classes,
            accepts,
            stays: states(&mut before_stars.flatten()),
            end: states(&mut std::iter::once(characters.len())),
        }
    }

    fn matches(&self, text: &[u8]) -> bool {
        let mut states = vec![0; self.end.len()];
        if let Some(first) = states.first_mut() {
            *first = 1;
        }
        for byte in text {
            let class = self.classes.get(usize::from(*byte)).copied().unwrap_or_default();
            let Some(accepts) = self.accepts.get(usize::from(class)) else { return false };
            let mut carry = 0;
            let mut any = 0;
            for ((state, accepts), stays) in states.iter_mut().zip(accepts).zip(&self.stays) {
                let moved = *state & accepts;
                *state = (moved << 1) | carry | (*state & stays);
                carry = moved >> 63;
                any |= *state;
            }
            if any == 0 {
                return false;
            }
        }
        states.iter().zip(&self.end).any(|(state, end)| state & end != 0)
    }
}
