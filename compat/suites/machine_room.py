"""A member of etcd, a server and an edge on each of three machines; what can go wrong with them, and the load meanwhile."""

import contextlib
import itertools
import json
import os
import signal
import socket
import threading
import time

import clients
import edge_process
import etcd as clusters
import functions
import network
from distributions import behavior, counted, new_distribution
from edge import ORIGINS
from wire import Wire, store_path

ACCOUNT = edge_process.ACCOUNT

# The pairs of one UpdateKeys, which is as many as the service takes.
BATCH = [f"b/{number:02}" for number in range(50)]

# Answers with what it reads of the batch: one moment of the store for a whole invocation.
SHOWS = """
import cf from 'cloudfront';
const pairs = cf.kvs();
async function handler(event) {
    const seen = [];
    seen[0] = await pairs.get('b/00');
    seen[1] = await pairs.get('b/07');
    seen[2] = await pairs.get('b/25');
    seen[3] = await pairs.get('b/49');
    return { statusCode: 302, headers: { location: { value: seen.join('/') } } };
}
"""


class Nowhere:
    """An origin that is never asked, because the function answers."""

    url = "http://127.0.0.1:9"


class Room:
    def __init__(self, folder):
        self.network = network.Network(3)
        machines = self.network.machines
        self.closing = contextlib.ExitStack()
        self.closing.callback(self.network.close)
        try:
            self.etcd = clusters.Etcd(folder, machines=machines)
            self.closing.callback(self.etcd.close)
            self.servers = clusters.Servers(folder, self.etcd, machines=machines)
            self.closing.callback(self.servers.close)
            self.credential = self.servers.credential(account=ACCOUNT)
            for number in range(3):
                self.servers.start(number)
            urls = [server.endpoint for server in self.servers.running]
            self.edges = []
            for number, machine in enumerate(machines):
                nearest_first = urls[number:] + urls[:number]
                edge = edge_process.EdgeProcess(
                    folder / f"edge-{number}", nearest_first, self.credential, Nowhere, machine=machine
                )
                self.closing.callback(lambda edge=edge: edge.running and edge.kill())
                self.edges.append(edge.start())
            self.nodes = [Node(server, self.credential) for server in self.servers.running]
            self.make_content()
        except BaseException:
            self.closing.close()
            raise

    def make_content(self):
        """Three stores: one for single pairs, one for batches, one that is replaced as a whole."""
        control = self.nodes[0].control
        self.single, self.batches, self.replaced = (clients.new_arn(control) for _ in range(3))
        clients.put_all(self.nodes[0].data, self.batches, dict.fromkeys(BATCH, "0"))
        name = functions.published(control, code=SHOWS.encode(), stores=[self.batches])
        summary = control.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]
        association = {"FunctionARN": summary["FunctionMetadata"]["FunctionARN"], "EventType": "viewer-request"}
        settings = behavior(FunctionAssociations=counted(association))
        self.domain = new_distribution(control, **ORIGINS, DefaultCacheBehavior=settings)["Distribution"]["DomainName"]

    # What can go wrong.

    def kill_member(self, number):
        self.etcd.kill(self.etcd.members[number])

    def start_member(self, number):
        self.etcd.start(self.etcd.members[number])

    def kill_server(self, number):
        self.servers.running[number].kill()

    def start_server(self, number):
        self.servers.start(number)

    def kill_edge(self, number):
        self.edges[number].kill()

    def start_edge(self, number):
        self.edges[number].start()

    def process(self, kind, number):
        if kind == "member":
            return self.etcd.members[number].pid
        return (self.servers.running[number] if kind == "server" else self.edges[number].running).process.pid

    @contextlib.contextmanager
    def killed(self, kind, number):
        getattr(self, f"kill_{kind}")(number)
        yield
        getattr(self, f"start_{kind}")(number)

    @contextlib.contextmanager
    def stopped(self, kind, number):
        pid = self.process(kind, number)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @contextlib.contextmanager
    def cut_off(self, number, others=None):
        """A machine without its links to others, or to all others."""
        machines = self.network.machines
        self.network.cut_off(machines[number], others and [machines[other] for other in others])
        try:
            yield
        finally:
            self.network.heal()

    @contextlib.contextmanager
    def deaf(self, number):
        """A machine that sends to the others and hears nothing from them."""
        machine = self.network.machines[number]
        for other in self.network.machines:
            if other is not machine:
                self.network.cut(other, machine)
        try:
            yield
        finally:
            self.network.heal()

    def leader(self):
        """The number of the member that leads."""

        def look():
            for number, member in enumerate(self.etcd.members):
                with contextlib.suppress(OSError):
                    status = self.etcd.call("maintenance/status", {}, member)
                    if status.get("leader", "0") == status["header"]["member_id"]:
                        return [number]
            return None

        return clients.wait_for(look, "etcd has no leader")[0]


class Node:
    """Clients of one server, which stays at its address. They give up soon, so that another one is asked."""

    def __init__(self, server, credential):
        patience = {"connect_timeout": 1, "read_timeout": 5}
        self.control = clients.client(server, "cloudfront", credential, **patience)
        self.data = clients.client(server, "cloudfront-keyvaluestore", credential, **patience)
        self.wire = MachineWire(server, credential)


class MachineWire(Wire):
    """Whole stores, read and written through a server on a machine of its own."""

    def __init__(self, server, credential):
        super().__init__(server)
        self.host = server.endpoint.split("//")[1].rsplit(":", 1)[0]
        self.data_host = f"{ACCOUNT}.localhost:{self.port}"
        self.signing = dict(zip(("access_key", "secret"), credential))

    def connect(self):
        return socket.create_connection((self.host, self.port), timeout=5)


class Wrong(Exception):
    """What must not be seen was seen."""


class Worker(threading.Thread):
    """Does the same again and again until it is stopped, and keeps what must not have been seen."""

    def __init__(self, room, number=0):
        super().__init__(daemon=True)
        self.room, self.number = room, number
        self.over = threading.Event()
        self.wrong, self.done, self.failed = [], 0, 0

    def run(self):
        for round in itertools.count():
            if self.over.is_set():
                return
            try:
                self.step(round)
                self.done += 1
            except Wrong as wrong:
                self.wrong.append(str(wrong))
            # A server that is gone, one that knows no leader, an ETag that is stale: the next round asks again.
            except Exception:  # noqa: BLE001
                self.failed += 1
                self.over.wait(0.02)

    def step(self, round):
        raise NotImplementedError


class Writer(Worker):
    """Writes pairs of its own into the shared store, through another server when one fails."""

    def __init__(self, room, number):
        super().__init__(room, number)
        self.acknowledged, self.moments, self.slowest, self.asked = {}, [], (0, 0), number
        self.began = time.monotonic()

    def step(self, round):
        key = f"w{self.number}/{len(self.acknowledged)}"
        node = self.room.nodes[self.asked % 3]
        try:
            etag = clients.etag_of(node.data, self.room.single)
            node.data.put_key(KvsARN=self.room.single, Key=key, Value=key, IfMatch=etag)
        except node.data.exceptions.ValidationException:
            raise
        except Exception:
            self.asked += 1
            raise
        self.acknowledged[key] = key
        now = time.monotonic()
        self.slowest = max(self.slowest, (now - self.began, now))
        self.moments.append(now)
        self.began = now


class BatchWriter(Worker):
    """Gives all pairs of the batch the next number, in one UpdateKeys."""

    def __init__(self, room):
        super().__init__(room)
        self.acknowledged = self.tried = 0

    def step(self, round):
        data = self.room.nodes[round % 3].data
        etag = clients.etag_of(data, self.room.batches)
        # A number is never tried twice: an update whose outcome is not known may have been made.
        self.tried += 1
        number = str(self.tried)
        puts = [{"Key": key, "Value": number} for key in BATCH]
        data.update_keys(KvsARN=self.room.batches, IfMatch=etag, Puts=puts)
        self.acknowledged = int(number)
        self.over.wait(0.05)


class BatchReader(Worker):
    """Reads the batch through one server: whole, and no older than what was acknowledged before it asked."""

    def __init__(self, room, number, writer):
        super().__init__(room, number)
        self.writer = writer

    def step(self, round):
        least = self.writer.acknowledged
        items = self.room.nodes[self.number].data.list_keys(KvsARN=self.room.batches, MaxResults=50)["Items"]
        seen = {item["Value"] for item in items}
        if len(items) != len(BATCH) or len(seen) != 1:
            raise Wrong(f"server {self.number} shows {len(items)} pairs of {sorted(seen)}")
        if int(seen.pop()) < least:
            raise Wrong(f"server {self.number} shows what was before {least}, which was acknowledged")
        self.over.wait(0.02)


def generation(number):
    """A whole store, more than one transaction of etcd takes: its size tells which one it is."""
    return {f"g{number}/{place}": "x" * 20 for place in range(1200 + number % 7 * 50)}


class Replacer(Worker):
    """Replaces all pairs of a store by others in one write."""

    def __init__(self, room):
        super().__init__(room)
        self.tried = self.acknowledged = 0

    def step(self, round):
        wire = self.room.nodes[round % 3].wire
        pairs, etag = whole(wire, self.room.replaced)
        self.tried += 1
        body = {
            "Puts": [{"Key": key, "Value": value} for key, value in generation(self.tried).items()],
            "Deletes": [{"Key": key} for key in pairs],
        }
        number = self.tried
        answer = send(wire, "POST", self.room.replaced, body, etag)
        if answer.status != 200:
            raise OSError(answer.text)
        self.acknowledged = number
        self.over.wait(0.2)


class WholeReader(Worker):
    """Reads the replaced store whole: one generation, from the first pair to the last."""

    def __init__(self, room, number, writer):
        super().__init__(room, number)
        self.writer = writer

    def step(self, round):
        least = self.writer.acknowledged
        pairs, _ = whole(self.room.nodes[self.number].wire, self.room.replaced)
        if not pairs and not least:
            return
        number = int(next(iter(pairs), "g0/").partition("/")[0][1:])
        if pairs.keys() != generation(number).keys():
            raise Wrong(f"server {self.number} shows {len(pairs)} pairs that are no generation, with {number}")
        if number < least:
            raise Wrong(f"server {self.number} shows generation {number} after {least} was acknowledged")
        self.over.wait(0.1)


def send(wire, method, arn, body=None, etag=None):
    headers = {"Content-Type": "application/json", **({"If-Match": etag} if etag else {})}
    content = json.dumps(body) if body is not None else b""
    path = f"/keyfront{store_path(arn)}/pairs"
    return wire.send(wire.data(method, path, content, headers if body is not None else None, **wire.signing))


def whole(wire, arn):
    """All pairs of a store and its ETag, of one moment."""
    answer = send(wire, "GET", arn)
    if answer.status != 200:
        raise OSError(answer.text)
    return {item["Key"]: item["Value"] for item in answer.json["Items"]}, answer.headers["ETag"]


class Viewer(Worker):
    """Asks an edge: it shows whole batches, never older ones than before, and answers as long as it runs."""

    def __init__(self, room, number):
        super().__init__(room, number)
        self.last, self.unanswered, self.away = 0, [], False

    def step(self, round):
        away = self.away
        try:
            shown = self.room.edges[self.number].location(self.room.domain, "/")
        except OSError as failure:
            # Both before and after, because it may have been stopped while it answered.
            if not away and not self.away:
                self.unanswered.append(repr(failure))
            raise
        if shown is None:
            raise OSError("no answer of the function")
        seen = set(shown.split("/"))
        if len(seen) != 1:
            raise Wrong(f"edge {self.number} shows a batch in part: {shown}")
        number = int(seen.pop())
        if number < self.last:
            raise Wrong(f"edge {self.number} shows {number} after {self.last}")
        self.last = number
        self.over.wait(0.02)
