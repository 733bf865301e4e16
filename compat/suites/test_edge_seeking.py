"""Viewers that seek: a part far ahead of what has come of an object is asked of the origin, and waits for nothing."""

import concurrent.futures
import contextlib
import http.server
import threading

import pytest

from clients import client
from conftest import running
from distributions import counted, new_distribution
from edge import http_origin
from test_edge_listening import fetch, fetch_new

MIB = 1024 * 1024


def content(length):
    """Bytes that say where they stand."""
    return b"".join(number.to_bytes(8, "big") for number in range(length // 8))


class SlowOrigin:
    """Sends a MiB of its object and the rest when it is told to; a part, if it has parts, at once."""

    def __init__(self, length, has_parts):
        self.body, self.asked, self.rest = content(length), [], threading.Event()
        origin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                if self.path != "/film":
                    return self.answer(404, b"none", {})
                range_ = self.headers.get("Range")
                origin.asked.append((range_, self.headers.get("If-Range")))
                if range_ and has_parts:
                    first, last = map(int, range_.partition("=")[2].split("-"))
                    place = {"Content-Range": f"bytes {first}-{last}/{len(origin.body)}"}
                    return self.answer(206, origin.body[first:last + 1], place)
                self.answer(200, origin.body, {}, pause=True)

            def answer(self, status, body, headers, pause=False):
                self.send_response_only(status)
                for name, value in {"ETag": '"v1"', "Content-Length": len(body), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    if pause:
                        self.wfile.write(body[:MIB])
                        self.wfile.flush()
                        assert origin.rest.wait(30)
                        body = body[MIB:]
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def world(tmp_path, request):
    """An edge before an origin: the address, the host, the origin."""
    length, has_parts = request.param
    origin = SlowOrigin(length, has_parts)
    settings = tmp_path / "keyfront.toml"
    settings.write_text(f"[edge.cache]\ndisk = '{tmp_path / 'cache'}'\ndisk_mib = 512\n")
    with running(tmp_path, "--config", settings, "--origin", f"origin.example.com={origin.url}") as server:
        host = new_distribution(client(server, "cloudfront"), Origins=counted(http_origin()))["Distribution"]["DomainName"]
        fetch_new(f"{server.edges[0]}/", host)
        yield server.edges[0], host, origin
    origin.rest.set()
    origin.server.shutdown()
    origin.server.server_close()


def part(world, first, count):
    """The status, the word of the cache and the bytes of a part."""
    edge, host, _ = world
    status, headers, body = fetch(f"{edge}/film", host, Range=f"bytes={first}-{first + count - 1}")
    return status, headers["X-Cache"].partition(" ")[0], body


# In memory, and in the folder.
@pytest.mark.parametrize("world", [(10 * MIB, True), (40 * MIB, True)], indirect=True)
def test_a_part_far_ahead_comes_at_once_and_a_near_one_with_the_object(world):
    origin = world[2]
    length, far = len(origin.body), len(origin.body) - 64
    assert part(world, far, 16) == (206, "Miss", origin.body[far:far + 16])
    assert origin.asked[-1] == (f"bytes={far}-{far + 15}", '"v1"')
    with concurrent.futures.ThreadPoolExecutor(2) as viewers:
        whole = viewers.submit(part, world, 0, length)
        near = viewers.submit(part, world, 3 * MIB, 16)
        # The film goes on while another viewer seeks.
        assert part(world, far, 16) == (206, "Miss", origin.body[far:far + 16])
        assert not near.done()
        origin.rest.set()
        assert near.result(60)[::2] == (206, origin.body[3 * MIB:3 * MIB + 16])
        assert whole.result(60)[::2] == (206, origin.body)
    parts = [asked for asked, _ in origin.asked if asked]
    assert part(world, far, 16) == (206, "Hit", origin.body[far:far + 16])
    assert [asked for asked, _ in origin.asked if asked] == parts


@pytest.mark.parametrize("world", [(10 * MIB, False)], indirect=True)
def test_an_origin_without_parts_is_waited_for(world):
    origin = world[2]
    threading.Timer(0.5, origin.rest.set).start()
    assert part(world, 9 * MIB, 16)[::2] == (206, origin.body[9 * MIB:9 * MIB + 16])
