"""Certificates that the edge gets itself: an authority that looks (Pebble, Let's Encrypt's own for tests), and no other names."""

import contextlib
import datetime
import json
import os
import shutil
import socket
import ssl
import subprocess
import urllib.request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import server as keyfront
from clients import wait_for
from etcd import free_port, write_certificates

# Where `cargo xtask test` unpacks Debian's package, if it is not installed.
UNPACKED = keyfront.ROOT / "target/tools/pebble/usr/bin"
NAME = "edge.example.com"


def program(name):
    return shutil.which(name) or shutil.which(name, path=UNPACKED)


pytestmark = pytest.mark.skipif(
    not (program("pebble") and program("pebble-challtestsrv")), reason="Pebble is not here (Debian: apt-get install pebble)"
)


class World:
    """An authority with the names that it sees, and the settings of a server that asks it."""

    def __init__(self, folder, sees="127.0.0.1"):
        self.folder, self.sees = folder, sees
        self.plain, self.tls, self.directory, self.dns = (free_port() for _ in range(4))
        self.trusted, certificate, key = write_certificates(folder)
        (folder / "pebble.json").write_text(json.dumps({"pebble": {
            "listenAddress": f"127.0.0.1:{self.directory}", "managementListenAddress": "",
            "certificate": str(certificate), "privateKey": str(key),
            "httpPort": self.plain, "tlsPort": self.tls, "externalAccountBindingRequired": False,
        }}))
        policy = folder / "policy.json"
        policy.write_text('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}')
        self.settings = folder / "keyfront.toml"
        self.settings.write_text(f"""
[server]
listen = "127.0.0.1:0"
[admin]
listen = "127.0.0.1:0"
[store]
data = "{folder / 'data'}"
[edge]
enabled = true
listen = "127.0.0.1:{self.plain}"
tls_listen = "127.0.0.1:{self.tls}"
[edge.acme]
directory = "https://127.0.0.1:{self.directory}/dir"
agree_to_terms = true
contact = ["mailto:ops@example.com"]
names = ["{NAME}"]
certificate_authorities = ["{self.trusted}"]
""")
        made = self.run("credentials", "create", "--account", keyfront.ACCOUNT, "--user", "u", "--policy", policy)
        assert made.returncode == 0, made.stderr

    def run(self, *command):
        return subprocess.run(
            [keyfront.BINARY, *map(str, command), "--config", self.settings],
            capture_output=True, text=True, timeout=keyfront.PATIENCE, env=keyfront.clean_environment(),
        )

    @contextlib.contextmanager
    def authority(self):
        dns = [
            program("pebble-challtestsrv"), "-dns01", f"127.0.0.1:{self.dns}", "-defaultIPv4", self.sees,
            "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", "", "-management", f"127.0.0.1:{free_port()}",
        ]
        pebble = [
            program("pebble"), "-config", self.folder / "pebble.json", "-dnsserver", f"127.0.0.1:{self.dns}", "-strict",
        ]
        environment = {**os.environ, "PEBBLE_VA_NOSLEEP": "1"}
        with open(self.folder / "authority.log", "ab") as log, contextlib.ExitStack() as stack:
            for command in (dns, pebble):
                process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
                stack.callback(process.wait, keyfront.PATIENCE)
                stack.callback(process.kill)
            wait_for(lambda: reachable(self.directory), "the authority")
            yield

    @contextlib.contextmanager
    def server(self):
        server = keyfront.Server(self.folder / "keyfront.log", "serve", "--config", self.settings)
        try:
            yield server
        finally:
            assert server.stop() == 0

    def certificate(self, name):
        """The certificate that a viewer gets for a name, or None where the handshake fails."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection(("127.0.0.1", self.tls), timeout=10) as plain:
                with context.wrap_socket(plain, server_hostname=name) as stream:
                    return x509.load_der_x509_certificate(stream.getpeercert(binary_form=True))
        except (ssl.SSLError, ConnectionError):
            return None

    def files(self):
        """What is kept of it, with its mode."""
        acme = self.folder / "data/acme"
        return {str(path.relative_to(acme)): oct(path.stat().st_mode & 0o777) for path in acme.rglob("*")}


def reachable(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def test_a_name_of_the_configuration_gets_a_certificate_and_keeps_it(tmp_path):
    world = World(tmp_path)
    with world.authority(), world.server() as server:
        issued = wait_for(lambda: world.certificate(NAME), f"a certificate; the log:\n{server.log}")
        names = issued.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [NAME]
        assert "Pebble" in issued.issuer.rfc4514_string()
        assert world.certificate("other.example.com") is None
        folder = f"127_0_0_1_{world.directory}_dir"
        assert world.files() == {
            folder: "0o700", f"{folder}/account.json": "0o600", f"{folder}/{NAME}.pem": "0o600",
        }
        # The proof is gone with its order.
        token = f"http://127.0.0.1:{world.plain}/.well-known/acme-challenge/none"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(token, timeout=10)
        assert refused.value.code == 403
        end = int(issued.not_valid_after_utc.timestamp())
        figure = f'keyfront_certificate_expiry_timestamp_seconds{{certificate="acme:{NAME}"}} {end}'
        assert figure in metrics(world)
    # Without the authority, and without asking it again.
    with world.server() as server:
        again = wait_for(lambda: world.certificate(NAME), "the certificate from the folder")
        assert again.serial_number == issued.serial_number
        assert figure in metrics(world)
        assert "no certificate was got" not in server.log


def metrics(world):
    address = (world.folder / "data/control").read_text().split()[0]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(f"http://{address}/metrics", timeout=10).read().decode()


def write_certificate(folder, left):
    """A certificate of 90 days for the name, with its key in the same file, of which so many days are left."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "before")])
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=left)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(end - datetime.timedelta(days=90)).not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False).sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True)
    file = folder / f"{NAME}.pem"
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + signed.public_bytes(serialization.Encoding.PEM)
    )


@pytest.mark.parametrize("left, renewed", [(31, False), (29, True), (-1, True)])
def test_a_certificate_is_renewed_a_third_of_its_time_before_its_end(tmp_path, left, renewed):
    world = World(tmp_path)
    write_certificate(tmp_path / f"data/acme/127_0_0_1_{world.directory}_dir", left)
    with world.authority(), world.server():
        # The old one serves until then.
        assert world.certificate(NAME) is not None
        if renewed:
            wait_for(lambda: "Pebble" in world.certificate(NAME).issuer.rfc4514_string(), "a new certificate")
        else:
            # The account is made when it is first needed.
            assert not any(name.endswith("account.json") for name in world.files())
        assert (world.certificate(NAME).serial_number == 1) != renewed


def test_a_name_that_leads_elsewhere_gets_none_and_the_log_says_what_to_do(tmp_path):
    # An address of this machine on which the edge does not listen.
    world = World(tmp_path, sees="127.0.0.2")
    with world.authority(), world.server() as server:
        wait_for(lambda: "no certificate was got" in server.log, "a word of the failure")
        assert "port 80 of the name has to lead to `listen` of [edge]" in server.log
        assert NAME in server.log
        assert world.certificate(NAME) is None
        assert not any(name.endswith(".pem") for name in world.files())


def test_an_authority_that_is_away_stops_nothing(tmp_path):
    world = World(tmp_path)
    with world.server() as server:
        wait_for(lambda: "no certificate was got" in server.log, "a word of the failure")
        assert reachable(world.plain)
        assert world.files() == {f"127_0_0_1_{world.directory}_dir": "0o700"}
