"""HTTP itself: the request target's forms, limits, connections, and that it does not forward as a proxy."""

import contextlib
import dataclasses
import http.client
import socket
import threading

import pytest

from clients import etag_of
from conftest import running
from wire import STORES, Request, Wire, encode, keys_path, read_answer, store_path

FOREIGN = ["http://example.com/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "http://127.0.0.1:1/"]


def test_an_absolute_target_for_its_own_name_is_taken_as_a_proxy_client_sends_it(wire, data, arn):
    target = f"http://{wire.data_host}{store_path(arn)}"
    assert wire.send(wire.data("GET", target)).status == 200
    control = f"http://{wire.control_host}{STORES}"
    assert wire.send(wire.control("GET", control)).status == 200


@pytest.mark.parametrize("target", FOREIGN)
def test_any_other_absolute_target_is_refused(wire, target):
    host = target.split("/")[2]
    answer = wire.send(Request("GET", target, host))
    assert 400 <= answer.status < 500


def test_a_signed_request_for_a_foreign_name_is_refused_too(wire, arn):
    foreign = dataclasses.replace(wire.data("GET", store_path(arn)), target=f"http://example.com{store_path(arn)}")
    assert 400 <= wire.send(foreign).status < 500


def test_nobody_is_connected_anywhere(wire):
    """A listener that would notice if the server dialled it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        port = listener.getsockname()[1]
        for request in (
            Request("GET", f"http://127.0.0.1:{port}/", f"127.0.0.1:{port}"),
            Request("CONNECT", f"127.0.0.1:{port}", f"127.0.0.1:{port}"),
        ):
            answer = wire.send(request)
            assert not 200 <= answer.status < 300
        with pytest.raises(TimeoutError):
            listener.accept()


def test_many_requests_share_one_connection(wire, arn):
    with wire.connect() as connection:
        for _ in range(20):
            connection.sendall(encode(wire.data("GET", store_path(arn))))
            assert read_answer(connection).status == 200


def test_pipelined_requests_are_answered_in_order(wire, data, arn):
    etag = etag_of(data, arn)
    body = {"If-Match": etag, "Content-Type": "application/json"}
    requests = [
        wire.data("PUT", keys_path(arn, "k"), '{"Value":"v"}', body),
        wire.data("GET", keys_path(arn, "k")),
        wire.control("GET", f"{STORES}/absent"),
    ]
    with wire.connect() as connection:
        connection.sendall(b"".join(map(encode, requests)))
        # One reader over the connection, for what it reads ahead belongs to the next answer.
        stream = connection.makefile("rb")
        statuses = []
        for _ in requests:
            statuses.append(int(stream.readline().split()[1]))
            headers = dict(line.decode().lower().split(": ", 1) for line in iter(lambda: stream.readline().strip(), b""))
            stream.read(int(headers["content-length"]))
        assert statuses == [200, 200, 404]


def test_a_chunked_body_is_read(wire, data, arn):
    headers = {"If-Match": etag_of(data, arn), "Content-Type": "application/json"}
    request = wire.data("PUT", keys_path(arn, "k"), '{"Value":"in chunks"}', headers)
    head = encode(request).split(b"\r\n\r\n")[0].split(b"\r\n")
    head = [line for line in head if not line.lower().startswith(b"content-length")] + [b"Transfer-Encoding: chunked"]
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in request.body) + b"0\r\n\r\n"
    with wire.connect() as connection:
        connection.sendall(b"\r\n".join(head) + b"\r\n\r\n" + chunks)
        assert read_answer(connection).status == 200
    assert data.get_key(KvsARN=arn, Key="k")["Value"] == "in chunks"


def test_a_body_that_is_expected_to_be_continued_is_asked_for(wire, data, arn):
    headers = {"If-Match": etag_of(data, arn), "Content-Type": "application/json"}
    request = wire.data("PUT", keys_path(arn, "k"), '{"Value":"v"}', headers)
    request.headers["Expect"] = "100-continue"
    head, _, body = encode(request).partition(b"\r\n\r\n")
    with wire.connect() as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(64).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert read_answer(connection).status == 200


def refused(wire, payload):
    """The status of the refusal, or None where the server just closes."""
    with wire.connect() as connection:
        try:
            connection.sendall(payload)
            return read_answer(connection).status
        except (OSError, http.client.HTTPException):
            return None


@pytest.mark.parametrize("plane", ["control", "data"])
def test_a_body_above_every_limit_is_refused_and_the_server_lives(wire, data, arn, plane):
    size = 64 * 1024 * 1024
    if plane == "control":
        request = wire.control("POST", STORES, b"x" * 16)
    else:
        request = wire.data("POST", keys_path(arn), b"x" * 16, {"If-Match": etag_of(data, arn)})
    head = encode(request).replace(b"Content-Length: 16", b"Content-Length: %d" % size)
    assert refused(wire, head) in (400, 402, 403, 413)
    with wire.connect() as connection:
        sent = 0
        try:
            connection.sendall(head)
            while sent < size:
                sent += connection.send(b"x" * 65536)
        except OSError:
            pass
        assert sent < size, "the server read a body of 64 MB to its end"
    assert etag_of(data, arn)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
    ],
    ids=["one header", "the target", "many headers"],
)
def test_a_head_above_every_limit_is_refused(wire, head):
    status = refused(wire, head)
    assert status is None or 400 <= status < 500


@pytest.mark.parametrize(
    "bytes_",
    [b"\x16\x03\x01\x02\x00", b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 64, b"GET  /  HTTP/1.1\r\n\r\n"],
    ids=["tls", "text", "version", "zeros", "spaces"],
)
def test_what_is_no_http_is_closed_and_the_server_lives(wire, data, arn, bytes_):
    with wire.connect() as connection:
        received = b""
        with contextlib.suppress(ConnectionError):
            connection.sendall(bytes_)
            with contextlib.suppress(OSError):  # it may have closed the connection already
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(4096):
                received += chunk
    assert not received.startswith(b"HTTP/1.1 2")
    assert etag_of(data, arn)


def test_a_request_that_breaks_off_changes_nothing(wire, data, arn):
    headers = {"If-Match": etag_of(data, arn), "Content-Type": "application/json"}
    payload = encode(wire.data("PUT", keys_path(arn, "k"), '{"Value":"v"}', headers))
    for end in (10, len(payload) // 2, len(payload) - 1):
        with wire.connect() as connection:
            connection.sendall(payload[:end])
    assert data.describe_key_value_store(KvsARN=arn)["ItemCount"] == 0


def test_head_and_options_are_no_operations(wire):
    for method in ("HEAD", "OPTIONS", "TRACE"):
        assert 400 <= wire.send(wire.control(method, STORES)).status < 500


def test_clients_that_never_finish_do_not_keep_others_waiting(wire, arn):
    idle = [wire.connect() for _ in range(50)]
    try:
        for connection in idle:
            connection.sendall(b"GET / HTTP/1.1\r\nHost:")
        done = threading.Event()

        def ask():
            if wire.send(wire.data("GET", store_path(arn))).status == 200:
                done.set()

        asker = threading.Thread(target=ask)
        asker.start()
        assert done.wait(10)
        asker.join()
    finally:
        for connection in idle:
            connection.close()


@pytest.mark.parametrize("said", [b"", b"P", b"PRI * HTTP/2.0\r\n\r\nSM\r\n"])
def test_clients_that_say_nothing_lose_their_place(tmp_path, said):
    config = tmp_path / "keyfront.toml"
    config.write_text("[server]\nmax_connections = 4\nheader_timeout_seconds = 1\n")
    with running(tmp_path, "--config", config) as server, contextlib.ExitStack() as silent:
        wire = Wire(server)
        for _ in range(4):
            silent.enter_context(wire.connect()).sendall(said)
        # Every place is taken, so this is answered only once one of them is free again.
        assert wire.send(wire.control("GET", STORES)).status == 200
