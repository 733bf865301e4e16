"""A caller with healthy functions is served in time while others run hostile ones.

Hostile callers send all kinds at once, each again and again and with new code, which no throttling knows yet. What is
bounded is the 99th percentile of the healthy calls. A busy machine makes all calls slow, so the bound grows with the
same percentile of the same calls without hostile ones.
"""

import contextlib
import itertools
import json
import sys
import threading
import time

import edge as edges
import functions
import server as keyfront
from clients import client
from distributions import behavior, counted

# Seconds that a healthy call may take at the 99th percentile. The aim is 0.1; a program that is not optimized takes several
# times as long to start a worker.
BOUND = 0.15 if keyfront.IS_RELEASE else 0.25
# How much longer it may take than without hostile calls, where the machine is so busy that the bound says nothing.
TIMES = 8

HOSTILE = {
    "a loop": "for (;;);",
    "a number of a million digits": "var s = '9'.repeat(1000000); for (;;) +s;",
    "a regular expression": "for (;;) /(x+x+)+y/.test('x'.repeat(3000));",
    "memory": "var a = []; for (;;) a.push(a.slice());",
    "a fault of the engine": "try { Promise.any('x'.repeat(9500)) } catch (e) {}",
    "errors": "for (;;) try { null.x } catch (e) {}",
}

_numbers = itertools.count()

HEALTHY = "function handler(event) { return { statusCode: 204 }; }"
CALLS = 200


def hostile_code(body):
    """New code each time: the number makes it another function."""
    return f"function handler(event) {{ {body} return event.request; }} // {next(_numbers)}"


def percentile_99(call):
    """Seconds that 99 of 100 calls take at most, made one after the other."""
    times = []
    for _ in range(CALLS):
        began = time.monotonic()
        call()
        times.append(time.monotonic() - began)
    return sorted(times)[CALLS * 99 // 100 - 1]


@contextlib.contextmanager
def under_attack(*attacks):
    """Repeats each attack on a thread of its own. All of them have been answered once when the block begins."""
    stopped, failures = threading.Event(), []
    begun = [threading.Event() for _ in attacks]

    def repeat(attack, begun):
        try:
            while not stopped.is_set():
                attack()
                begun.set()
        except Exception as failure:  # What a thread raises is raised again in the test.
            failures.append(failure)
            begun.set()

    threads = [threading.Thread(target=repeat, args=pair) for pair in zip(attacks, begun)]
    # A Python thread waits this long for each other one; that wait belongs to the client, not to the server.
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    for thread in threads:
        thread.start()
    try:
        assert all(event.wait(keyfront.PATIENCE * 3) for event in begun)
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join(keyfront.PATIENCE * 3)
        sys.setswitchinterval(interval)
    assert not failures, failures


def assert_served_in_time(healthy, attacks):
    healthy()  # What is made at the first call is not measured.
    alone = percentile_99(healthy)
    with under_attack(*attacks):
        attacked = percentile_99(healthy)
    print(f"99th percentile: {alone * 1000:.1f} ms alone, {attacked * 1000:.1f} ms beside {len(attacks)} attacks")
    assert attacked <= max(BOUND, TIMES * alone)


def test_function_is_answered_in_time_beside_hostile_functions(tmp_path):
    server = keyfront.dev(tmp_path)
    try:
        control = client(server, "cloudfront")
        event = json.dumps(functions.REQUEST).encode()

        def result_of(name, etag):
            return control.test_function(Name=name, IfMatch=etag, EventObject=event)["TestResult"]

        def attack(body):
            created = functions.new_function(control, code=hostile_code(body).encode())
            name, etag = functions.name_of(created), created["ETag"]

            def again():
                nonlocal etag
                code = hostile_code(body).encode()
                updated = control.update_function(
                    Name=name, IfMatch=etag, FunctionConfig=functions.config(), FunctionCode=code
                )
                etag = updated["ETag"]
                for _ in range(3):
                    result_of(name, etag)

            return again

        healthy = functions.new_function(control, code=HEALTHY.encode())

        def checked():
            result = result_of(functions.name_of(healthy), healthy["ETag"])
            assert not result["FunctionErrorMessage"], result
            assert json.loads(result["FunctionOutput"])["response"]["statusCode"] == 204

        assert_served_in_time(checked, [attack(body) for body in HOSTILE.values()])
    finally:
        server.kill()


def test_viewers_are_answered_in_time_beside_hostile_functions(edge):
    def site_of(code):
        name = functions.published(edge.control, code=code.encode())
        summary = edge.control.describe_function(Name=name, Stage="LIVE")["FunctionSummary"]
        association = {"FunctionARN": summary["FunctionMetadata"]["FunctionARN"], "EventType": "viewer-request"}
        return edge.new_site(DefaultCacheBehavior=behavior(FunctionAssociations=counted(association)))

    def attack(body):
        site = site_of(hostile_code(body))
        path = edges.unique_path()
        return lambda: site.get(path)

    healthy = site_of(HEALTHY)

    def checked():
        answer = healthy.get("/", {"x-keyfront-trace": "1"})
        assert answer.status == 204, answer.trace

    assert_served_in_time(checked, [attack(body) for body in HOSTILE.values() for _ in range(2)])
