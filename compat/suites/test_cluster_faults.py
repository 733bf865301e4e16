"""Three machines with a member of etcd, a server and an edge on each: processes are killed, started again and held up, and
the links between the machines are cut, under load.

What was acknowledged is there at the end; no server and no edge ever shows a change in part, or what was before a change
that was acknowledged; edges go on answering; and the time without a write is bounded.
"""

import contextlib
import time

import pytest

import clients
import etcd as clusters
import network
from machine_room import (
    BATCH, BatchReader, BatchWriter, Replacer, Room, Viewer, WholeReader, Writer, generation, whole,
)
from server import PATIENCE

pytestmark = [
    pytest.mark.skipif(not clusters.program("etcd"), reason="etcd is not installed: faults of a cluster were not checked"),
    # It is there to be run beside other tests, which take the processors from it.
    pytest.mark.timeout(900),
]

WRITERS = 4

# The longest time without any write that was acknowledged. An operation of the etcd engine gives up after 10 s, and a
# client here after 5 s; a machine that is busy with other tests is slower.
BOUND = 20


@pytest.fixture(scope="module", autouse=True)
def namespaces():
    if reason := network.missing():
        pytest.skip(f"{reason}: faults of a cluster were not checked")


class Load:
    """Everything that goes on during the faults."""

    def __init__(self, room):
        self.room = room
        self.writers = [Writer(room, number) for number in range(WRITERS)]
        self.batches, self.replacer = BatchWriter(room), Replacer(room)
        self.viewers = [Viewer(room, number) for number in range(3)]
        readers = [BatchReader(room, number, self.batches) for number in range(3)]
        wholes = [WholeReader(room, number, self.replacer) for number in range(3)]
        self.workers = [*self.writers, self.batches, self.replacer, *self.viewers, *readers, *wholes]
        for worker in self.workers:
            worker.start()

    def acknowledged(self):
        return sum(len(writer.moments) for writer in self.writers)

    def goes_on(self, count=20):
        goal = self.acknowledged() + count
        clients.wait_for(lambda: self.acknowledged() >= goal, "no more writes are acknowledged", BOUND * 2)

    def longest_pause(self, since):
        """The longest time without an acknowledgement until now."""
        moments = sorted(moment for writer in self.writers for moment in writer.moments if moment >= since)
        moments = [since, *moments, time.monotonic()]
        return max(later - earlier for earlier, later in zip(moments, moments[1:]))

    @contextlib.contextmanager
    def during(self, what, fault, seconds=0, edge=None):
        """A fault for at least so long, and until writes go on, then its end. Prints the time without a write."""
        began = time.monotonic()
        if edge is not None:
            self.viewers[edge].away = True
        with fault:
            self.goes_on()
            clients.let_pass(began + seconds - time.monotonic())
            yield
        self.goes_on()
        if edge is not None:
            self.viewers[edge].away = False
        pause = self.longest_pause(began)
        print(f"{what}: {pause:.1f} s without a write")
        assert pause < BOUND, what

    def stop(self):
        for worker in self.workers:
            worker.over.set()
        for worker in self.workers:
            worker.join(timeout=PATIENCE * 2)
            assert not worker.is_alive()


@contextlib.contextmanager
def under_load(folder):
    """A room under load. At its end everything must be there, on every server and every edge."""
    room = Room(folder)
    with room.closing:
        load = Load(room)
        try:
            load.goes_on()
            yield room, load
        finally:
            load.stop()
        check(room, load)


def check(room, load):
    for worker in load.workers:
        name = f"{type(worker).__name__} {worker.number}"
        print(f"{name}: {worker.done} done, {worker.failed} failed")
        assert not worker.wrong, f"{name}: {worker.wrong[:3]}"
        assert worker.done, name
    for viewer in load.viewers:
        assert not viewer.unanswered, f"edge {viewer.number}: {viewer.unanswered[:3]}"
    print(f"slowest write: {max(writer.slowest[0] for writer in load.writers):.1f} s")
    written = {key: value for writer in load.writers for key, value in writer.acknowledged.items()}
    for node in room.nodes:
        there = clients.all_pairs(node.data, room.single, MaxResults=50)
        assert {key: there.get(key) for key in written} == written
        head = node.data.describe_key_value_store(KvsARN=room.single)
        assert head["ItemCount"] == len(there)
        assert head["TotalSizeInBytes"] == sum(len(key) + len(value) for key, value in there.items())
        pairs, _ = whole(node.wire, room.replaced)
        assert pairs in [generation(number) for number in (load.replacer.acknowledged, load.replacer.tried)]
    last = node.data.get_key(KvsARN=room.batches, Key=BATCH[0])["Value"]
    for number, edge in enumerate(room.edges):
        shown = "/".join([last] * 4)
        clients.wait_for(lambda: edge.location(room.domain, "/") == shown, f"edge {number} does not show {last}")
    for server in (*room.servers.running, *(edge.running for edge in room.edges)):
        assert "panicked" not in server.log, server.log


def test_faults_one_after_another_lose_nothing_and_show_nothing_in_part(tmp_path):
    with under_load(tmp_path) as (room, load):
        leader = room.leader()
        follower, third = (leader + 1) % 3, (leader + 2) % 3
        with load.during("the leader of etcd is killed", room.killed("member", leader)):
            pass
        with load.during("a server is killed", room.killed("server", follower)):
            pass
        with load.during("an edge is killed", room.killed("edge", third), edge=third):
            pass
        with load.during("the leader of etcd stands still", room.stopped("member", room.leader()), 2):
            pass
        with load.during("a server stands still", room.stopped("server", third), 2):
            pass
        with load.during("the leader's machine is cut off", room.cut_off(room.leader()), 3):
            pass


@pytest.mark.long
def test_each_fault_of_each_process_and_each_link(tmp_path):
    """Twice: what came back must be able to bear what it left to others."""
    with under_load(tmp_path) as (room, load):
        for kind in ("member", "server", "edge"):
            for number in range(3):
                edge = number if kind == "edge" else None
                with load.during(f"{kind} {number} is killed", room.killed(kind, number), 5, edge):
                    pass
                # Longer than the lease of the server that does the background work, and than followers wait.
                with load.during(f"{kind} {number} stands still", room.stopped(kind, number), 12, edge):
                    pass
        for number in range(3):
            with load.during(f"machine {number} is cut off", room.cut_off(number), 12):
                pass
            with load.during(f"machine {number} hears nothing", room.deaf(number), 12):
                pass
            other = (number + 1) % 3
            with load.during(f"the link of {number} and {other} is cut", room.cut_off(number, [other]), 12):
                pass
        with load.during("two members are killed, one after the other", room.killed("member", 0), 5):
            pass
        leader = room.leader()
        with load.during("leader and server of one machine are killed", room.killed("member", leader)):
            with room.killed("server", leader):
                load.goes_on()
