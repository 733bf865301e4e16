"""Viewers that show certificates: trust stores, modes, and what origins hear of a certificate."""

import base64
import contextlib
import datetime
import http.client
import socket
import ssl
import urllib.parse

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clients import client, unique_name, wait_for
from conftest import running
from distributions import CACHING_DISABLED, behavior, counted, new_distribution
from edge import ORIGINS, Answer, Origin, joined

PEM = serialization.Encoding.PEM
HEADERS = ["Present", "Serial-Number", "Issuer", "Subject", "Sha256", "Validity", "Pem"]
NAMES = [f"CloudFront-Viewer-Cert-{name}" for name in HEADERS]


def named(*parts):
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in parts])


class Authority:
    """An authority that signs certificates of viewers."""

    def __init__(self, folder, name):
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = named((NameOID.COUNTRY_NAME, "US"), (NameOID.COMMON_NAME, name))
        usual = x509.BasicConstraints(ca=True, path_length=None)
        self.certificate = self.build(self.name, self.key).add_extension(usual, True).sign(self.key, hashes.SHA256())
        (folder / f"{name}.pem").write_bytes(self.certificate.public_bytes(PEM))

    def build(self, subject, key, days=30):
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        first = now - datetime.timedelta(days=60)
        return builder.not_valid_before(first).not_valid_after(now + datetime.timedelta(days=days))

    def viewer(self, name, days=30):
        """A certificate for a viewer, and the file with it and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = named((NameOID.COUNTRY_NAME, "US"), (NameOID.ORGANIZATION_NAME, "a, b"), (NameOID.COMMON_NAME, name))
        signed = self.build(subject, key, days).sign(self.key, hashes.SHA256())
        file = self.folder / f"{name}.viewer.pem"
        private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file.write_bytes(signed.public_bytes(PEM) + private)
        return signed, file


class World:
    """A server over HTTPS whose trust stores read bundles from a folder."""

    def __init__(self, server, origin, folder):
        self.server, self.origin, self.folder = server, origin, folder
        self.control = client(server, "cloudfront")
        self.port = int(server.edges[1].rpartition(":")[2])

    def store(self, *bundles):
        """The id of a trust store with the authorities of these files."""
        key = unique_name("bundle")
        (self.folder / key).write_bytes(b"".join((self.folder / bundle).read_bytes() for bundle in bundles))
        return self.control.create_trust_store(
            Name=unique_name("roots"), CaCertificatesBundleSource=self.source(key)
        )["TrustStore"]["Id"]

    def source(self, key):
        location = {"Bucket": "certificates", "Key": key, "Region": "us-east-1"}
        return {"CaCertificatesBundleS3Location": location}

    def site(self, mode=None, store=None, function=None, **trust):
        """The domain name of a distribution whose viewers show certificates, as soon as it is served."""
        policy = self.control.create_origin_request_policy(OriginRequestPolicyConfig={
            "Name": unique_name("certificates"),
            "HeadersConfig": {
                "HeaderBehavior": "whitelist", "Headers": counted(*NAMES, "Client-Cert", "Client-Cert-Chain"),
            },
            "CookiesConfig": {"CookieBehavior": "none"}, "QueryStringsConfig": {"QueryStringBehavior": "none"},
        })["OriginRequestPolicy"]["Id"]
        mtls = {"Mode": mode, **({"TrustStoreConfig": {"TrustStoreId": store, **trust}} if store else {})}
        members = {"ViewerMtlsConfig": mtls} if mode else {}
        if function:
            members["ConnectionFunctionAssociation"] = {"Id": function}
        domain = new_distribution(
            self.control, **ORIGINS, **members,
            DefaultCacheBehavior=behavior(
                CachePolicyId=CACHING_DISABLED, OriginRequestPolicyId=policy, ViewerProtocolPolicy="https-only",
            ),
        )["Distribution"]["DomainName"]
        host, _, port = self.server.edges[0].partition("://")[2].rpartition(":")

        def served():
            with contextlib.closing(http.client.HTTPConnection(host, int(port), timeout=10)) as connection:
                connection.request("GET", "/", headers={"Host": domain, "x-keyfront-trace": "1"})
                return '"distribution"' in connection.getresponse().headers["x-keyfront-trace"]

        wait_for(served, f"{domain} is not served")
        return domain

    def get(self, domain, file=None, sni=None, headers=None):
        """An answer over HTTPS, to a viewer with the certificate of a file; None where the handshake ends it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if file:
            context.load_cert_chain(file)
        connection = http.client.HTTPSConnection(domain, timeout=10)
        try:
            plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
            connection.sock = context.wrap_socket(plain, server_hostname=sni or domain)
            connection.request("GET", "/", headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, joined(answer.getheaders()), answer.read())
        except (ssl.SSLError, ConnectionError, http.client.RemoteDisconnected):
            return None
        finally:
            connection.close()

    def heard(self):
        """What the origin was last told of certificates."""
        asked = self.origin.asked_for("/")[-1]
        return {name: value for name, value in asked.headers.items() if "-cert" in name}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutual")
    origin = Origin()
    settings = folder / "keyfront.toml"
    settings.write_text(f'[import.folders]\ncertificates = "{folder}"\n')
    arguments = ["--config", settings, "--edge-tls", "127.0.0.1:0", "--ca-folder", folder / "authority"]
    with running(folder, *arguments, "--origin", f"origin.example.com={origin.url}") as server:
        yield World(server, origin, folder)
    origin.stop()


@pytest.fixture(scope="module")
def trusted(world):
    return Authority(world.folder, "trusted")


@pytest.fixture(scope="module")
def stranger(world):
    return Authority(world.folder, "stranger")


def test_a_viewer_must_show_a_certificate_where_the_mode_is_required(world, trusted, stranger):
    site = world.site("required", world.store("trusted.pem"))
    certificate, file = trusted.viewer("client.example")
    assert world.get(site, file).status == 200
    sha256 = certificate.fingerprint(hashes.SHA256()).hex()
    serial = f"{certificate.serial_number:x}"
    serial = serial.zfill(len(serial) + len(serial) % 2)
    heard = world.heard()
    assert heard == {
        "cloudfront-viewer-cert-present": "1",
        "cloudfront-viewer-cert-serial-number": ":".join(serial[at:at + 2] for at in range(0, len(serial), 2)),
        "cloudfront-viewer-cert-issuer": "CN=trusted,C=US",
        "cloudfront-viewer-cert-subject": r"CN=client.example,O=a\, b,C=US",
        "cloudfront-viewer-cert-sha256": sha256,
        "cloudfront-viewer-cert-validity": (
            f"NotBefore={certificate.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ};"
            f"NotAfter={certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}"
        ),
        "cloudfront-viewer-cert-pem": heard["cloudfront-viewer-cert-pem"],
    }
    assert urllib.parse.unquote(heard["cloudfront-viewer-cert-pem"]).encode() == certificate.public_bytes(PEM)
    before = len(world.origin.asked)
    assert world.get(site) is None
    assert world.get(site, stranger.viewer("other.example")[1]) is None
    assert world.get(site, trusted.viewer("late.example", days=-1)[1]) is None
    assert len(world.origin.asked) == before


def test_no_request_comes_past_the_handshake(world, trusted):
    guarded, open_site = world.site("required", world.store("trusted.pem")), world.site()
    _, file = trusted.viewer("past.example")
    before = len(world.origin.asked)
    for sni in [open_site, "localhost", "unknown.example.com"]:
        assert world.get(guarded, sni=sni).status == 421, sni
        assert world.get(guarded, file, sni=sni).status == 421, sni
    host, _, port = world.server.edges[0].partition("://")[2].rpartition(":")
    with contextlib.closing(http.client.HTTPConnection(host, int(port), timeout=10)) as connection:
        connection.request("GET", "/", headers={"Host": guarded, "X-Forwarded-Proto": "https"})
        assert connection.getresponse().status == 403
    assert len(world.origin.asked) == before
    assert world.get(open_site).status == 200


def test_a_certificate_is_checked_where_it_is_optional(world, trusted, stranger):
    site = world.site("optional", world.store("trusted.pem"))
    assert world.get(site, headers={"CloudFront-Viewer-Cert-Subject": "CN=me", "Client-Cert": ":AA==:"}).status == 200
    assert world.heard() == {"cloudfront-viewer-cert-present": "0"}
    assert world.get(site, trusted.viewer("optional.example")[1]).status == 200
    assert world.heard()["cloudfront-viewer-cert-present"] == "1"
    assert world.get(site, stranger.viewer("unknown.example")[1]) is None


def test_a_certificate_passes_through_unchecked(world, stranger):
    site = world.site("passthrough")
    certificate, file = stranger.viewer("raw.example")
    assert world.get(site, file, headers={"Client-Cert-Chain": ":AA==:"}).status == 200
    heard = world.heard()
    assert "cloudfront-viewer-cert-pem" not in heard and "client-cert-chain" not in heard
    der = certificate.public_bytes(serialization.Encoding.DER)
    assert base64.b64decode(heard["client-cert"].strip(":")) == der
    assert world.get(site).status == 200
    assert world.heard() == {"cloudfront-viewer-cert-present": "0"}


def test_expired_certificates_and_new_authorities_are_as_the_settings_say(world, trusted, stranger):
    lenient = world.site("required", world.store("trusted.pem"), IgnoreCertificateExpiry=True)
    assert world.get(lenient, trusted.viewer("old.example", days=-1)[1]).status == 200
    assert world.get(lenient, stranger.viewer("older.example", days=-1)[1]) is None
    store = world.store("trusted.pem")
    site, (_, file) = world.site("required", store), stranger.viewer("new.example")
    assert world.get(site, file) is None
    etag = world.control.get_trust_store(Identifier=store)["ETag"]
    both = (world.folder / "trusted.pem").read_bytes() + (world.folder / "stranger.pem").read_bytes()
    (world.folder / "both.pem").write_bytes(both)
    changed = world.control.update_trust_store(
        Id=store, IfMatch=etag, CaCertificatesBundleSource=world.source("both.pem")
    )
    wait_for(lambda: (answer := world.get(site, file)) and answer.status == 200, "the authority is not trusted")
    # A bundle that cannot be read changes nothing about whom viewers are trusted for.
    world.control.update_trust_store(
        Id=store, IfMatch=changed["ETag"], CaCertificatesBundleSource=world.source("absent.pem")
    )
    assert world.get(site, file).status == 200


def test_a_connection_function_that_is_not_run_lets_no_viewer_in(world, trusted):
    function = world.control.create_connection_function(
        Name=unique_name("revoked"), ConnectionFunctionConfig={"Comment": "", "Runtime": "cloudfront-js-2.0"},
        ConnectionFunctionCode=b"function connectionHandler(connection) { connection.allow(); }",
    )
    made = function["ConnectionFunctionSummary"]["Id"]
    world.control.publish_connection_function(Id=made, IfMatch=function["ETag"])
    site = world.site("required", world.store("trusted.pem"), function=made)
    _, file = trusted.viewer("known.example")
    assert world.get(site, file) is None
    assert world.get(site, file, sni="localhost").status == 501
