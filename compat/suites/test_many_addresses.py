"""Clients that are slow on purpose, from many addresses, and one that is not."""

import contextlib
import datetime
import socket
import time

import pytest

from admin import planes
from clients import etag_of, new_arn
from conftest import running

SENDERS = 500
ADDRESSES = 250
# Together more than all bodies may take.
BYTES = 1024 * 1024


def slow(server, number, path, sent):
    """A connection from one of the addresses, with a request of which a part was sent."""
    sender = socket.socket()
    sender.bind((f"127.0.{1 + number % ADDRESSES // 200}.{1 + number % ADDRESSES % 200}", 0))
    sender.settimeout(20)
    sender.connect(("127.0.0.1", server.port))
    date = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"test/{date[:8]}/us-east-1/cloudfront/aws4_request"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nX-Amz-Date: {date}\r\nContent-Length: {2 * BYTES}\r\n"
        f"Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}\r\n\r\n"
    )
    # What was refused already cannot take it.
    with contextlib.suppress(OSError):
        sender.sendall(head.encode() + b"x" * sent)
    return sender


@pytest.mark.parametrize(("settings", "sent"), [("", BYTES), ("max_connections = 400\n", 10)], ids=["bodies", "connections"])
def test_a_write_passes_under_500_slow_senders_from_250_addresses(tmp_path, settings, sent):
    config = tmp_path / "keyfront.toml"
    config.write_text(f'[server]\nlisten = "127.0.0.1:0"\n{settings}')
    with running(tmp_path, "--config", config) as server, contextlib.ExitStack() as open_connections:
        control, data = planes(server)
        arn = new_arn(control)
        version, usual = etag_of(data, arn), []
        for number in range(4):
            begun = time.monotonic()
            version = data.put_key(KvsARN=arn, Key="k", Value=str(number), IfMatch=version)["ETag"]
            usual.append(time.monotonic() - begun)
        for number in range(SENDERS):
            open_connections.enter_context(slow(server, number, "/2020-05-31/key-value-store", sent))
        _, data = planes(server)
        begun = time.monotonic()
        version = data.put_key(KvsARN=arn, Key="k", Value="v", IfMatch=version)["ETag"]
        first = time.monotonic() - begun
        data.put_key(KvsARN=arn, Key="k", Value="w", IfMatch=version)
        # A second, or what a machine with other work makes of it. Without room for it a write takes ten seconds and more.
        assert first < max(1, 30 * sorted(usual)[2]), f"the first write took {first:.2f} s, and {usual} before"
        assert data.get_key(KvsARN=arn, Key="k")["Value"] == "w"
