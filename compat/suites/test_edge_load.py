"""Many viewers and long hours: what an edge holds for viewers that do nothing, and whether it grows with those that ask."""

import contextlib
import http.client
import itertools
import resource
import socket
import threading
import time

import pytest

from distributions import behavior, counted
from edge import http_origin
from server import PATIENCE

SETTINGS = """
[functions]
threads = 1
[edge]
max_connections = 20000
max_connections_per_address = 20000
header_timeout_seconds = 600
idle_timeout_seconds = 600
cache_memory_mib = 64
"""

# What the kernel holds for a connection is not the server's; the rest is hyper's buffers and the connection's task.
MOST_BYTES_OF_AN_IDLE_VIEWER = 32 * 1024
# What an allocator gives back late.
MOST_GROWTH = 12 * 1024 * 1024


def resident_bytes(edge):
    """The memory of the server, without its workers'."""
    with open(f"/proc/{edge.server.process.pid}/status") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def idle_viewers(edge, site, path, count):
    """Viewers that have their answer and keep their connections."""
    request = f"GET {path} HTTP/1.1\r\nHost: {site.domain}\r\n\r\n".encode()
    with contextlib.ExitStack() as stack:
        viewers = []
        for _ in range(count):
            viewer = stack.enter_context(socket.create_connection((edge.host, edge.port), timeout=PATIENCE))
            viewer.sendall(request)
            answer = b""
            while not answer.endswith(b"idle page"):
                piece = viewer.recv(4096)
                assert piece, answer
                answer += piece
            viewers.append(viewer)
        yield viewers


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(300)])])
def test_idle_viewers_cost_little_and_hold_no_other_up(edge, count):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < count + 200:
        pytest.skip(f"a process may have {most} files open: there can be no {count} viewers")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    site = edge.new_site()
    path = edge.origin.serve(b"idle page")
    # Once, so that what is made on first use is there before.
    with contextlib.contextmanager(idle_viewers)(edge, site, path, 50):
        pass
    before = resident_bytes(edge)
    with contextlib.contextmanager(idle_viewers)(edge, site, path, count) as viewers:
        grown = resident_bytes(edge) - before
        began = time.monotonic()
        assert site.get(path).body == b"idle page"
        assert time.monotonic() - began < 1
        # All are still there.
        request = f"GET {path} HTTP/1.1\r\nHost: {site.domain}\r\n\r\n".encode()
        for viewer in viewers[::100]:
            viewer.sendall(request)
            assert viewer.recv(4096).startswith(b"HTTP/1.1 200")
    assert grown / count < MOST_BYTES_OF_AN_IDLE_VIEWER, f"{grown / count:.0f} bytes for each of {count}"


@pytest.mark.parametrize(
    "seconds", [pytest.param(60, marks=pytest.mark.timeout(180)),
                pytest.param(3_600, marks=[pytest.mark.long, pytest.mark.timeout(4_000)])],
)
def test_memory_stays_where_it_is_under_load(edge, seconds, monkeypatch):
    """Hits, misses that push others out, errors and viewers that leave, with the cache full from the first third on."""
    site = edge.new_site(
        Origins=counted(http_origin()), DefaultCacheBehavior=behavior(Compress=True),
    )
    body = bytes(range(256)) * 256
    pages = itertools.count()
    monkeypatch.setattr(edge.origin, "answer", lambda asked: (
        (404, {"Content-Type": "text/plain"}, b"none") if asked.target.startswith("/absent")
        else (200, {"Content-Type": "application/octet-stream", "Cache-Control": "max-age=3600"}, body)
    ))
    ends, failures = time.monotonic() + seconds, []

    def ask():
        connection = http.client.HTTPConnection(edge.host, edge.port, timeout=PATIENCE)
        try:
            while time.monotonic() < ends:
                number = next(pages)
                path = f"/absent-{number % 50}" if number % 10 == 0 else f"/page-{number if number % 3 == 0 else number % 100}"
                connection.request("GET", path, headers={"Host": site.domain})
                answer = connection.getresponse()
                if number % 97 == 0:
                    # It leaves in the middle.
                    connection.close()
                    continue
                answer.read()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    # They go on asking; none of them ends before.
    askers[0].join(seconds / 3)
    settled = resident_bytes(edge)
    for asker in askers:
        asker.join()
    assert not failures, failures
    asked = next(pages)
    # A page in three is new and 64 KiB: the cache of 64 MiB has been full since the first thousand of them.
    assert asked > 6_000, f"only {asked} requests: the machine is too slow for this to mean anything"
    grown = resident_bytes(edge) - settled
    assert grown < MOST_GROWTH, f"{grown / 1024 / 1024:.1f} MiB more after {asked} requests"
