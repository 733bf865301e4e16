"""Stores are linearizable over HTTP: through several servers on etcd and through one with a data folder, while servers and
members are killed and held up, and answers are lost. The checker has tests of its own, first.
"""

import itertools
import math
import os
import random
import signal
import socket
import threading
import time
import types

import pytest
from botocore.exceptions import ClientError, ProxyConnectionError
from urllib3.exceptions import NewConnectionError

import clients
import etcd as clusters
import linearizability as lin
from clients import client, etag_of, let_pass, new_arn
from edge_process import Process
from linearizability import NotLinearizable, Operation, check, initial
from server import PATIENCE

START = initial("e0", {"a": "0"})
OPEN = math.inf


def history(*rows):
    return [Operation(called, returned, apply, str(row)) for row, (called, returned, apply) in enumerate(rows)]


def put(value, if_match, etag=None):
    return lin.update({"a": value}, if_match, etag)


LINEARIZABLE = {
    "nothing": history(),
    "one after another": history(
        (0, 1, put("1", "e0", "e1")), (2, 3, lin.read_key("a", "1")), (4, 5, lin.refused("e0"))
    ),
    "a read beside a write may show what was before": history(
        (0, 9, put("1", "e0", "e1")), (1, 2, lin.read_key("a", "0")), (3, 4, lin.read_key("a", "1"))
    ),
    "an update that was not answered may have been made": history(
        (0, OPEN, put("1", "e0")), (2, 3, lin.read_key("a", "1")), (4, 5, lin.read_etag("e7"))
    ),
    "or not": history((0, OPEN, put("1", "e0")), (2, 3, lin.read_key("a", "0")), (4, 5, put("2", "e0", "e1"))),
    "or late": history(
        (0, OPEN, put("1", "e0")), (2, 3, lin.read_key("a", "0")), (4, 5, lin.read_key("a", "1"))
    ),
    "of two with one ETag one wins": history((0, 9, put("1", "e0", "e1")), (0, 9, lin.refused("e0"))),
    "pairs that change together": history(
        (0, 9, lin.update({"a": "1", "b": "1"}, "e0", "e1")),
        (1, 2, lin.read_all({"a": "0"})),
        (3, 4, lin.read_all({"a": "1", "b": "1"})),
    ),
    "a call at the moment of a return is beside it": history(
        (0, 5, put("1", "e0", "e1")), (5, 6, lin.read_key("a", "0"))
    ),
}

NOT_LINEARIZABLE = {
    "a read of what was before an acknowledged write": history(
        (0, 1, put("1", "e0", "e1")), (2, 3, lin.read_key("a", "0"))
    ),
    "a write that is there and gone again": history(
        (0, 9, put("1", "e0", "e1")), (1, 2, lin.read_key("a", "1")), (3, 4, lin.read_key("a", "0"))
    ),
    "a value that was never written": history((0, 1, lin.read_key("a", "9"))),
    "two that win with one ETag": history((0, 9, put("1", "e0", "e1")), (0, 9, put("2", "e0", "e2"))),
    "a write that was refused and is there": history(
        (0, 1, lin.refused("e1")), (2, 3, put("1", "e0", "e1")), (4, 5, lin.read_key("a", "2"))
    ),
    "a refusal of the ETag that the store has": history((0, 1, lin.refused("e0"))),
    "half an update": history(
        (0, 9, lin.update({"a": "1", "b": "1"}, "e0", "e1")), (1, 2, lin.read_all({"a": "1"}))
    ),
    "an unanswered update that comes and goes": history(
        (0, OPEN, put("1", "e0")), (2, 3, lin.read_key("a", "1")), (4, 5, lin.read_key("a", "0"))
    ),
    "an unanswered update after which the ETag is the old one": history(
        (0, OPEN, put("1", "e0")), (2, 3, lin.read_key("a", "1")), (4, 5, lin.read_etag("e0"))
    ),
    "an ETag that comes back": history(
        (0, 1, put("1", "e0", "e1")), (2, 3, put("2", "e1", "e2")), (4, 5, put("3", "e2", "e1"))
    ),
}


@pytest.mark.parametrize("name", LINEARIZABLE)
def test_the_checker_takes_what_can_be_explained(name):
    check(START, LINEARIZABLE[name])


@pytest.mark.parametrize("name", NOT_LINEARIZABLE)
def test_the_checker_refuses_what_cannot(name):
    with pytest.raises(NotLinearizable, match="no order explains"):
        check(START, NOT_LINEARIZABLE[name])


def by_definition(start, operations):
    """Tries every order of every choice of the operations without an outcome."""
    certain = [one for one in operations if one.returned < OPEN]
    uncertain = [one for one in operations if one.returned == OPEN]
    for count in range(len(uncertain) + 1):
        for chosen in itertools.combinations(uncertain, count):
            for order in itertools.permutations([*certain, *chosen]):
                in_time = all(first.called <= second.returned for first, second in itertools.combinations(order, 2))
                state = start
                for one in order if in_time else ():
                    state = state and one.apply(state)
                if in_time and state:
                    return True
    return False


def test_the_checker_agrees_with_the_definition_on_random_histories():
    chance = random.Random(14)
    seen = {True: 0, False: 0}
    for _ in range(1500):
        rows = []
        for _ in range(5):
            called = chance.randrange(8)
            returned = chance.choice([OPEN, *[called + 1 + chance.randrange(6)] * 4])
            etags = [f"e{chance.randrange(3)}" for _ in range(2)]
            value = str(chance.randrange(3))
            apply = chance.choice([
                put(value, etags[0], None if returned == OPEN else etags[1]), lin.read_key("a", value),
                lin.read_etag(etags[0]), lin.refused(etags[0]),
            ])
            rows.append((called, returned, apply))
        operations = history(*rows)
        expected = by_definition(START, operations)
        try:
            check(START, operations)
            found = True
        except NotLinearizable:
            found = False
        assert found == expected, rows
        seen[expected] += 1
    assert min(seen.values()) > 50, seen


def was_not_sent(failure):
    """Whether there was no connection to ask on. A connection to a proxy that is lost later has the same exception."""
    cause = getattr(failure, "kwargs", {}).get("error")
    return isinstance(getattr(cause, "original_error", cause), NewConnectionError)


@pytest.mark.parametrize("accepts", [True, False])
def test_a_request_that_was_sent_is_told_from_one_that_was_not(accepts):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def read_and_leave():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)

        reader = threading.Thread(target=read_and_leave, daemon=True)
        if accepts:
            reader.start()
        else:
            listener.close()
        server = types.SimpleNamespace(port=port, endpoint=f"http://127.0.0.1:{port}")
        with pytest.raises(ProxyConnectionError) as failure:
            client(server, "cloudfront").list_key_value_stores()
        assert was_not_sent(failure.value) is not accepts
        if accepts:
            reader.join(PATIENCE)


KEYS = ["a", "b", "c"]
CLIENTS = 6


class Recorder:
    """Clients that ask for one store through any of the servers, and what each was answered and when."""

    def __init__(self, endpoints, credential, arn, start):
        self.endpoints, self.credential, self.arn, self.start = endpoints, credential, arn, start
        self.operations, self.values = [], itertools.count(1)
        self.over = threading.Event()
        self.broken = []
        self.threads = [threading.Thread(target=self.go, args=(number,), daemon=True) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def go(self, number):
        chance = random.Random(number)
        # So impatient that some answers are lost.
        patience = {"connect_timeout": 1, "read_timeout": 0.7}
        data = [
            client(server, "cloudfront-keyvaluestore", self.credential, **patience) for server in self.endpoints
        ]
        etag = self.start
        while not self.over.is_set():
            try:
                etag = self.ask(chance, chance.choice(data), etag)
            except Exception as broken:  # noqa: BLE001 - shown when the test ends
                self.broken.append(repr(broken))
                return

    def ask(self, chance, data, etag):
        """One operation with some server; the ETag that is the newest after it."""
        kind = chance.choice(["etag", "etag", "get", "list", "put", "put", "update"])
        called = time.monotonic()
        value = str(next(self.values))
        puts = {key: value for key in (KEYS if kind == "update" else [chance.choice(KEYS)])}
        try:
            if kind == "etag":
                etag = data.describe_key_value_store(KvsARN=self.arn)["ETag"]
                apply = lin.read_etag(etag)
            elif kind == "get":
                key = chance.choice(KEYS)
                apply = lin.read_key(key, data.get_key(KvsARN=self.arn, Key=key)["Value"])
            elif kind == "list":
                items = data.list_keys(KvsARN=self.arn)["Items"]
                apply = lin.read_all({item["Key"]: item["Value"] for item in items})
            else:
                pairs = [{"Key": key, "Value": value} for key in puts]
                if kind == "put":
                    made = data.put_key(KvsARN=self.arn, Key=pairs[0]["Key"], Value=value, IfMatch=etag)
                else:
                    made = data.update_keys(KvsARN=self.arn, Puts=pairs, IfMatch=etag)
                apply = lin.update(puts, etag, made["ETag"])
                self.note(called, apply, f"{kind} {puts} if {etag}: {made['ETag']}")
                return made["ETag"]
        except Exception as failure:  # noqa: BLE001
            if was_not_sent(failure) or kind not in ("put", "update"):
                self.over.wait(0.02)
            elif isinstance(failure, ClientError) and "Pre-Condition failed" in str(failure):
                self.note(called, lin.refused(etag), f"{kind} if {etag}: refused")
            else:
                operation = Operation(called, OPEN, lin.update(puts, etag), f"{kind} {puts} if {etag}: {failure!r}")
                self.operations.append(operation)
            return etag
        self.note(called, apply, f"{kind}: {etag}")
        return etag

    def note(self, called, apply, text):
        self.operations.append(Operation(called, time.monotonic(), apply, text))

    def made(self):
        """How many updates were answered as made."""
        return sum(": KV" in one.text and one.text.startswith(("put", "update")) for one in list(self.operations))

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE * 2)
            assert not thread.is_alive()
        assert not self.broken, self.broken


def recorded(server, endpoints, credential, faults):
    """Asks for a new store while the faults happen, and checks what was seen. Both must be of some number."""
    data = client(server, "cloudfront-keyvaluestore", credential)
    arn = new_arn(client(server, "cloudfront", credential))
    clients.put_all(data, arn, dict.fromkeys(KEYS, "0"))
    start = etag_of(data, arn)
    recorder = Recorder(endpoints, credential, arn, start)
    try:
        faults()
        # A busy machine is slow, and a history of nothing says nothing.
        clients.wait_for(lambda: recorder.made() > 20, "too few updates are made", PATIENCE * 3)
    finally:
        recorder.stop()
    unknown = sum(one.returned == OPEN for one in recorder.operations)
    print(f"{len(recorder.operations)} operations, {recorder.made()} updates, {unknown} without an outcome")
    check(initial(start, dict.fromkeys(KEYS, "0")), recorder.operations)
    assert unknown > 0, "no answer was lost"


def stand_still(pid, seconds):
    os.kill(pid, signal.SIGSTOP)
    try:
        let_pass(seconds)
    finally:
        os.kill(pid, signal.SIGCONT)


def rounds(request):
    return 12 if request.config.getoption("--long") else 2


def test_a_store_in_a_data_folder_is_linearizable(tmp_path, request):
    port = clusters.free_port()
    text = (
        f'[server]\nlisten = "127.0.0.1:{port}"\n[admin]\nlisten = "127.0.0.1:0"\n'
        f'[store]\ndata = "{tmp_path / "data"}"\n'
    )
    server = Process(tmp_path / "server", "serve", text)
    credential = clusters.credential_of(server.config, tmp_path)
    server.start()

    def faults():
        for _ in range(rounds(request)):
            let_pass(1)
            server.kill()
            server.start()
            let_pass(1)
            # Longer than the clients wait: answers are lost whose requests have their effect later.
            stand_still(server.running.process.pid, 1)
            let_pass(0.5)

    try:
        recorded(server.running, [server.running], credential, faults)
    finally:
        server.stop()


@pytest.mark.skipif(not clusters.program("etcd"), reason="etcd is not installed: stores in it were not checked")
def test_a_store_in_etcd_is_linearizable_through_all_servers(tmp_path, request):
    members = clusters.Etcd(tmp_path)
    servers = clusters.Servers(tmp_path, members, fixed=True)
    try:
        credential = servers.credential()
        endpoints = [servers.start(number) for number in range(3)]

        def faults():
            for number in range(rounds(request)):
                let_pass(1)
                member = members.members[number % 3]
                members.kill(member)
                let_pass(1.5)
                members.start(member)
                killed = (number + 1) % 3
                servers.running[killed].kill()
                servers.start(killed)
                let_pass(1)
                stand_still(members.members[(number + 1) % 3].pid, 1.5)
                stand_still(servers.running[(number + 2) % 3].process.pid, 1)

        recorded(endpoints[0], endpoints, credential, faults)
    finally:
        servers.close()
        members.close()
