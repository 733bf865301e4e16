"""Under a service manager: it is told what the server does."""

import json
import re
import signal
import socket
import subprocess

import server as keyfront
from server import BINARY, PATIENCE

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def test_a_service_manager_is_told_what_the_server_does(tmp_path, monkeypatch):
    """The messages of sd_notify(3), in the order that Type=notify and Type=notify-reload of systemd.service(5) want."""
    (tmp_path / "policy.json").write_text(json.dumps(POLICY))
    (tmp_path / "keyfront.toml").write_text(
        '[server]\nlisten = "127.0.0.1:0"\n[admin]\nlisten = "127.0.0.1:0"\n[edge]\nenabled = false\n'
    )
    create = ["credentials", "create", "--account", "123456789012", "--user", "u", "--policy", "policy.json"]
    subprocess.run([BINARY, *create, "--config", "keyfront.toml"], cwd=tmp_path, check=True, capture_output=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(PATIENCE)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        server = keyfront.Server(tmp_path / "log", "serve", "--config", "keyfront.toml", folder=tmp_path)
        try:
            assert manager.recv(4096).split() == [b"READY=1"]
            server.process.send_signal(signal.SIGHUP)
            assert re.fullmatch(rb"RELOADING=1\nMONOTONIC_USEC=\d+\n?", manager.recv(4096))
            assert manager.recv(4096).split() == [b"READY=1"]
            assert server.stop() == 0
            assert manager.recv(4096).split() == [b"STOPPING=1"]
        finally:
            server.kill()
