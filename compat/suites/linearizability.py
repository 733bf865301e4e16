"""Whether what clients saw of a store can have happened one operation after another.

A history is linearizable when each operation can be given one moment between its call and its return so that, in the order
of these moments, each answer is what a single copy of the store would have answered (Herlihy and Wing, 1990). The search
is Wing and Gong's with Lowe's improvement: it goes through calls and returns in the order of time, keeps every state that
the store may be in together with which of the open operations have had their effect, and lets an operation have its
effect at the latest when it returns.

An operation whose outcome is not known never returns: it may have its effect at any time after its call, or never.

It is written here because the checkers that there are come as programs in Go and Clojure, or as crates that one person
wrote and left; for the histories of a test, which a few clients made of one store, this one is fast enough.
"""

import dataclasses
import itertools
import math
import typing

# The ETag of a state that an update left whose answer was lost: some value that was never shown before.
NOT_SHOWN = None


@dataclasses.dataclass(frozen=True)
class State:
    """A store with few keys: its ETag, every ETag that it ever showed, and its pairs."""

    etag: str | None
    shown: frozenset
    pairs: frozenset


@dataclasses.dataclass(frozen=True)
class Operation:
    """What was asked and answered. `apply` gives the state after it, or None where the answer is impossible."""

    called: float
    returned: float  # math.inf where the outcome is not known
    apply: typing.Callable[[State], State | None]
    text: str


def initial(etag, pairs=()):
    return State(etag, frozenset([etag]), frozenset(dict(pairs).items()))


def read_etag(etag):
    """DescribeKeyValueStore."""

    def apply(state):
        if state.etag == etag:
            return state
        if state.etag is NOT_SHOWN and etag not in state.shown:
            return dataclasses.replace(state, etag=etag, shown=state.shown | {etag})
        return None

    return apply


def read_key(key, value):
    """GetKey; `value` is None where there is no such key."""
    return lambda state: state if dict(state.pairs).get(key) == value else None


def read_all(pairs):
    """ListKeys that fits one page."""
    whole = frozenset(pairs.items())
    return lambda state: state if state.pairs == whole else None


def update(puts, if_match, etag=NOT_SHOWN):
    """PutKey or UpdateKeys that was made, and answered with `etag` unless the answer was lost."""

    def apply(state):
        if state.etag != if_match or etag in state.shown:
            return None
        shown = state.shown if etag is NOT_SHOWN else state.shown | {etag}
        return State(etag, shown, frozenset({**dict(state.pairs), **puts}.items()))

    return apply


def refused(if_match):
    """An update with an ETag that was not the store's any more."""
    return lambda state: state if state.etag != if_match else None


class NotLinearizable(AssertionError):
    pass


def check(start, operations):
    """Raises `NotLinearizable` with what led there, if no order of the operations explains their answers."""
    events = [(operation.called, 1, number) for number, operation in enumerate(operations)]
    returns = [(one.returned, 0, number) for number, one in enumerate(operations) if one.returned < math.inf]
    # Of a call and a return at one moment the call comes first: then the two are concurrent, which allows more.
    events = sorted([*((moment, 0, number) for moment, _, number in events), *((m, 1, n) for m, _, n in returns)])
    open_now = set()
    # Each with the operations that had their effect and did not return yet.
    states = {(start, frozenset())}
    for _, is_return, number in events:
        if not is_return:
            open_now.add(number)
            continue
        reached = with_effect(number, states, open_now, operations)
        if not reached:
            raise NotLinearizable(explain(number, states, open_now, operations))
        open_now.discard(number)
        states = {(state, done - {number}) for state, done in reached}


def with_effect(number, states, open_now, operations):
    """All states in which an operation has had its effect, after any others of the open ones."""
    reached, seen, left = set(), set(states), list(states)
    while left:
        state, done = left.pop()
        if number in done:
            # What else may happen now may as well happen later.
            reached.add((state, done))
            continue
        for other in open_now - done:
            after = operations[other].apply(state)
            if after is not None and (following := (after, done | {other})) not in seen:
                seen.add(following)
                left.append(following)
    return reached


def explain(number, states, open_now, operations):
    lines = [f"no order explains: {operations[number].text}", "the store may have been:"]
    lines += [f"  {state.etag} {sorted(state.pairs)}" for state, _ in itertools.islice(states, 5)]
    lines += ["meanwhile:", *(f"  {operations[other].text}" for other in sorted(open_now - {number})[-20:])]
    return "\n".join(lines)
