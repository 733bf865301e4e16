"""A stand-in for a container engine, where none is at hand: Docker's API, with processes in the place of containers.

It knows one image, the program under test, and as much of the API as the modules of packages/testcontainers use. A
container has no root of its own, so paths and addresses of the image are translated in its files and arguments: each
volume and each other folder is a temporary one, and a port that listens on all addresses is a free one of loopback.
"""

import contextlib
import io
import itertools
import json
import re
import shutil
import socket
import socketserver
import subprocess
import tarfile
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from server import BINARY, PATIENCE, clean_environment

FOLDERS = re.compile(r"/(?:etc|var/lib)/keyfront\b")
ADDRESS = re.compile(r"\b0\.0\.0\.0:(\d+)")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Container:
    """A process, or one to be."""

    def __init__(self, engine, identity, wanted):
        self.engine, self.identity, self.wanted = engine, identity, wanted
        self.folder = engine.folder / identity
        self.volumes = {}
        for bind in wanted.get("HostConfig", {}).get("Binds") or []:
            volume, path, *_mode = bind.split(":")
            self.volumes[path] = engine.volume(volume)
        self.ports = {}
        self.process = None

    def path(self, path):
        """Where a path of the container is."""
        for mounted, folder in self.volumes.items():
            if path == mounted or path.startswith(mounted + "/"):
                return Path(str(folder) + path[len(mounted):])
        return self.folder / path.lstrip("/")

    def translated(self, text):
        text = FOLDERS.sub(lambda found: str(self.path(found[0])), text)
        return ADDRESS.sub(lambda found: f"127.0.0.1:{self.ports.setdefault(found[1], free_port())}", text)

    def put(self, folder, archive):
        """Unpacks an archive, as `PUT archive` does."""
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            for entry in tar:
                if not entry.isfile():
                    continue
                path = self.path(f"{folder.rstrip('/')}/{entry.name.lstrip('./')}")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self.translated(tar.extractfile(entry).read().decode()))
                path.chmod(entry.mode & 0o777)

    def get(self, path):
        """A file as an archive."""
        content = self.path(path).read_bytes()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            entry = tarfile.TarInfo(Path(path).name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
        return packed.getvalue()

    def start(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        words = [self.translated(word) for word in self.wanted["Cmd"]]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
                env=clean_environment(),
            )

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def described(self):
        code = self.process.poll() if self.process else None
        running = self.process is not None and code is None
        began, never = "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z"
        return {
            "Id": self.identity,
            "Name": f"/{self.identity}",
            "Created": began,
            "Image": "sha256:0",
            "Config": {"Image": "keyfront", "Labels": self.wanted.get("Labels") or {}, "Hostname": self.identity},
            "HostConfig": {"NetworkMode": "bridge", "PortBindings": {}},
            "State": {
                "Status": "running" if running else "exited" if self.process else "created", "Running": running,
                "ExitCode": code or 0, "StartedAt": began, "FinishedAt": never if running else began,
            },
            "NetworkSettings": {
                "Networks": {},
                "Ports": {
                    f"{inside}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]
                    for inside, port in self.ports.items()
                },
            },
        }


class Engine:
    """The engine, for a `with` block; `url` is what DOCKER_HOST names."""

    def __init__(self, folder):
        self.folder = folder
        self.containers = {}
        self.names = itertools.count(1)
        self.socket = folder / "engine.sock"
        self.url = f"unix://{self.socket}"

    def volume(self, name):
        folder = self.folder / "volumes" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def __enter__(self):
        engine = self

        class Handler(Requests):
            pass

        Handler.engine = engine

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True

        self.server = Server(str(self.socket), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()
        for container in self.containers.values():
            container.end()

    def answer(self, method, path, query, body):
        """The status and the content of an answer: bytes, or what becomes JSON."""
        words = path.strip("/").split("/")
        if re.fullmatch(r"v1\.\d+", words[0]):
            words = words[1:]
        match method, words:
            case "GET", ["_ping"]:
                return 200, b"OK"
            case "GET", ["version"]:
                return 200, {"ApiVersion": "1.44", "MinAPIVersion": "1.24", "Version": "27.0.0", "Os": "linux"}
            case "GET", ["info"]:
                return 200, {"OperatingSystem": "processes", "OSType": "linux", "ServerVersion": "27.0.0", "Labels": []}
            case "GET", ["images", *_name, "json"]:
                return 200, {"Id": "sha256:0", "RepoTags": ["keyfront:latest"], "Config": {}}
            case "GET", ["containers", "json"]:
                return 200, []
            case "POST", ["containers", "create"]:
                identity = f"{next(self.names):012x}"
                self.containers[identity] = Container(self, identity, json.loads(body))
                return 201, {"Id": identity, "Warnings": []}
            case "DELETE", ["volumes", name]:
                shutil.rmtree(self.volume(name))
                return 204, None
            case "GET", ["volumes", name]:
                return 200, {"Name": name, "Driver": "local"}
            case _, ["containers", identity, *rest] if identity in self.containers:
                return self.of_container(method, self.containers[identity], rest, query, body)
        return 404, {"message": f"this stand-in has no {method} {path}"}

    def of_container(self, method, container, rest, query, body):
        match method, rest:
            case "GET", ["json"]:
                return 200, container.described()
            case "PUT", ["archive"]:
                container.put(query["path"][0], body)
                return 200, None
            case "GET", ["archive"]:
                return 200, container.get(query["path"][0])
            case "POST", ["start"]:
                container.start()
                return 204, None
            case "POST", ["wait"]:
                return 200, {"StatusCode": container.process.wait(PATIENCE)}
            case "GET", ["logs"]:
                text = (container.folder / "log").read_bytes()
                # A frame of standard error.
                return 200, b"\x02\0\0\0" + len(text).to_bytes(4, "big") + text
            case "POST", ["stop" | "kill"]:
                container.end()
                return 204, None
            case "DELETE", []:
                container.end()
                del self.containers[container.identity]
                return 204, None
        return 404, {"message": f"this stand-in has no {method} {rest} of a container"}


class Requests(BaseHTTPRequestHandler):
    """HTTP over the socket."""

    protocol_version = "HTTP/1.1"
    engine = None

    def address_string(self):
        return "socket"

    def log_message(self, *_arguments):
        pass

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self):
        where = urlsplit(self.path)
        status, content = self.engine.answer(self.command, where.path, parse_qs(where.query), self.body())
        plain = isinstance(content, bytes)
        encoded = content if plain else b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream" if plain else "application/json")
        self.send_header("Api-Version", "1.44")
        if self.command == "GET" and where.path.endswith("/archive"):
            # {"name": "file", "size": 0, "mode": 420}
            self.send_header("X-Docker-Container-Path-Stat", "eyJuYW1lIjoiZmlsZSIsInNpemUiOjAsIm1vZGUiOjQyMH0=")
        if status != 204:
            self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):
            self.wfile.write(encoded)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer
