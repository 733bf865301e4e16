"""A cluster of etcd of a test's own, and servers of Keyfront that keep their data in it."""

import base64
import contextlib
import datetime
import ipaddress
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import server as keyfront
from clients import wait_for

# Where `cargo xtask test` unpacks Debian's packages, if they are not installed.
UNPACKED = keyfront.ROOT / "target/tools/etcd/usr/bin"

# What docs/cluster.md asks for. Members on one machine hear each other at once, and choose a leader sooner.
FLAGS = ["--max-txn-ops=1024", "--max-request-bytes=10485760", "--heartbeat-interval=50", "--election-timeout=500"]

# Prints the process id, and ends etcd with the tests, however they end: its input is closed then.
WATCHED = '"$0" "$@" 2>>"$LOG" & pid=$!; echo $pid; read _; kill -9 $pid 2>/dev/null'

DIRECT = urllib.request.ProxyHandler({})


def program(name):
    """Where a program of etcd is, or None."""
    return shutil.which(name) or shutil.which(name, path=UNPACKED)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def write_certificates(folder):
    """An authority, a certificate of it for this machine, and its key, as PEM files."""
    now = datetime.datetime.now(datetime.timezone.utc)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]) for text in ("authority", "etcd")]
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    extensions = [x509.BasicConstraints(ca=True, path_length=None), addresses]
    certificates = [
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(names[0])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(extension, critical=False)
        .sign(keys[0], hashes.SHA256())
        for name, key, extension in zip(names, keys, extensions)
    ]
    files = [folder / name for name in ("authority.crt", "etcd.crt", "etcd.key")]
    for file, certificate in zip(files, certificates):
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[2].write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


class Member:
    """One member: its URLs, and its process while it runs."""

    def __init__(self, number, folder, scheme, machine=None):
        host = machine.address if machine else "127.0.0.1"
        self.within = machine.within if machine else ()
        self.name = f"m{number}"
        self.log = folder / f"{self.name}.log"
        self.folder = folder / self.name
        self.url = f"{scheme}://{host}:{free_port()}"
        self.peer = f"http://{host}:{free_port()}"
        self.process = None
        self.pid = None


class Etcd:
    """Members on free ports. With `certificates`, PEM files as `write_certificates` makes them, they speak TLS.

    With `machines` of a `network`, there is a member on each of them.
    """

    def __init__(self, folder, members=3, certificates=None, machines=None):
        self.certificates = certificates
        scheme = "https" if certificates else "http"
        machines = machines or [None] * members
        self.members = [Member(number, folder, scheme, machine) for number, machine in enumerate(machines)]
        for member in self.members:
            self.start(member)
        wait_for(lambda: all(map(self.answers, self.members)), "etcd does not answer")

    def start(self, member):
        peers = ",".join(f"{one.name}={one.peer}" for one in self.members)
        tls = []
        if self.certificates:
            _, certificate, key = self.certificates
            tls = [f"--cert-file={certificate}", f"--key-file={key}"]
        arguments = [
            "--name", member.name, "--data-dir", member.folder, "--initial-cluster", peers,
            "--listen-client-urls", member.url, "--advertise-client-urls", member.url,
            "--listen-peer-urls", member.peer, "--initial-advertise-peer-urls", member.peer,
        ]
        member.process = subprocess.Popen(
            ["sh", "-c", WATCHED, *member.within, program("etcd"), *map(str, arguments), *FLAGS, *tls],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=keyfront.clean_environment(LOG=str(member.log)),
        )
        member.pid = int(member.process.stdout.readline())

    def kill(self, member):
        """Ends it as a power cut would."""
        if member.process:
            with contextlib.suppress(ProcessLookupError):
                os.kill(member.pid, signal.SIGKILL)
            member.process.stdin.close()
            member.process.stdout.close()
            member.process.wait(timeout=keyfront.PATIENCE)
            member.process = None

    def close(self):
        for member in self.members:
            self.kill(member)

    def answers(self, member):
        """Whether it knows a leader and most members answer."""
        try:
            self.call("kv/range", {"key": base64.b64encode(b"any").decode()}, member)
            return True
        except OSError:
            return False

    def call(self, path, body, member=None):
        """A call of etcd's JSON gateway."""
        member = member or self.members[0]
        context = ssl.create_default_context(cafile=self.certificates[0]) if self.certificates else None
        opener = urllib.request.build_opener(DIRECT, urllib.request.HTTPSHandler(context=context))
        request = urllib.request.Request(f"{member.url}/v3/{path}", json.dumps(body).encode(), method="POST")
        with opener.open(request, timeout=5) as answer:
            return json.load(answer)

    def require_a_password(self, password):
        """Turns on authentication, with the user keyfront for the keys of Keyfront."""
        key, end = (base64.b64encode(text).decode() for text in (b"keyfront/", b"keyfront0"))
        for path, body in [
            ("auth/user/add", {"name": "root", "password": "secret"}),
            ("auth/role/add", {"name": "root"}),
            ("auth/user/grant", {"user": "root", "role": "root"}),
            ("auth/user/add", {"name": "keyfront", "password": password}),
            ("auth/role/add", {"name": "keyfront"}),
            ("auth/role/grant", {
                "name": "keyfront", "perm": {"permType": "READWRITE", "key": key, "range_end": end},
            }),
            ("auth/user/grant", {"user": "keyfront", "role": "keyfront"}),
            ("auth/enable", {}),
        ]:
            self.call(path, body)


def credential_of(config, folder, account="111111111111", user="deploy"):
    """Makes a credential that may do everything where a configuration keeps its data; its id and its secret."""
    policy = folder / "policy.json"
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    answer = subprocess.run(
        [
            keyfront.BINARY, "credentials", "create", "--account", account, "--user", user, "--policy", policy,
            "--config", config,
        ],
        capture_output=True, text=True, timeout=keyfront.PATIENCE * 2, env=keyfront.clean_environment(),
    )
    assert answer.returncode == 0, answer.stderr
    return tuple(line.split()[-1] for line in answer.stdout.splitlines())


class Servers:
    """Servers on one cluster. `more` is what `[store.etcd]` has beside the endpoints.

    With `machines` of a `network`, there is one on each of them, always at the same address; `fixed` does that on loopback.
    """

    def __init__(self, folder, etcd, count=3, more="", extra="", machines=None, fixed=False):
        self.folder, self.etcd = folder, etcd
        self.machines = machines
        self.key = folder / "secret.key"
        self.key.touch(mode=0o600)
        self.key.write_bytes(os.urandom(32))
        endpoints = json.dumps([member.url for member in etcd.members])
        self.configs = []
        for number in range(count):
            config = folder / f"keyfront-{number}.toml"
            data = folder / f"data-{number}"
            data.mkdir()
            host = machines[number].address if machines else "127.0.0.1"
            listen = f"{host}:{free_port() if machines or fixed else 0}"
            config.write_text(
                f'[server]\nlisten = "{listen}"\n[admin]\nlisten = "127.0.0.1:0"\n'
                f'[store]\nengine = "etcd"\ndata = "{data}"\nkey_file = "{self.key}"\n'
                f"[store.etcd]\nendpoints = {endpoints}\n{more}\n{extra}\n"
            )
            self.configs.append(config)
        self.running = [None] * count

    def credential(self, number=0, account="111111111111", user="deploy"):
        """Makes a credential that may do everything, and returns its id and its secret."""
        return credential_of(self.configs[number], self.folder, account, user)

    def keyfront(self, number, *arguments):
        """Runs a command with the configuration of a server."""
        return subprocess.run(
            [keyfront.BINARY, *map(str, arguments), "--config", self.configs[number]],
            capture_output=True, text=True, timeout=keyfront.PATIENCE * 2, env=keyfront.clean_environment(),
        )

    def start(self, number):
        log = self.folder / f"keyfront-{number}.log"
        within = self.machines[number].within if self.machines else ()
        self.running[number] = keyfront.Server(log, "serve", "--config", self.configs[number], within=within)
        return self.running[number]

    def is_ready(self, number):
        opener = urllib.request.build_opener(DIRECT)
        try:
            return opener.open(self.admin(number) + "/health/ready", timeout=5).status == 200
        except urllib.error.HTTPError as refusal:
            assert refusal.code == 503
            return False

    def admin(self, number):
        """The address in the file that the server writes for its operator's commands."""
        control = Path(self.folder / f"data-{number}" / "control").read_text()
        return "http://" + next(word for word in control.split() if word.startswith("127.0.0.1:"))

    def close(self):
        for server in self.running:
            if server and server.process.poll() is None:
                server.kill()
