"""TLS with a given certificate, and HTTP/2 with and without it."""

import datetime
import ipaddress
import json
import re
import signal
import socket
import ssl
import subprocess

import boto3
import httpx
import pytest
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from clients import unique_name, wait_for
from server import BINARY, PATIENCE, REGION, Server, clean_environment
from wire import STORES, Request, sign_v4

ACCOUNT = "111111111111"


def write_certificate(folder, lifetime=datetime.timedelta(days=1)):
    """A certificate for localhost and for the account's name in front of it, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Keyfront's tests")])
    names = [x509.DNSName("localhost"), x509.DNSName(f"{ACCOUNT}.localhost")]
    names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + lifetime)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, key_pem = folder / "server.crt", folder / "server.key"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_pem.touch(mode=0o600)
    key_pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem, key_pem


def configured(folder, pem, key_pem):
    config = folder / "keyfront.toml"
    config.write_text(
        f'[server]\nlisten = "127.0.0.1:0"\n[server.tls]\ncertificate = "{pem}"\nprivate_key = "{key_pem}"\n'
        f'[admin]\nlisten = "127.0.0.1:0"\n[store]\ndata = "{folder / "data"}"\n'
    )
    return config


def keyfront(*arguments):
    return subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, env=clean_environment()
    )


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory):
    """A server with TLS, its certificate, and a credential that may do everything."""
    folder = tmp_path_factory.mktemp("tls")
    pem, key_pem = write_certificate(folder)
    config = configured(folder, pem, key_pem)
    policy = folder / "policy.json"
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": True}}}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    made = keyfront("credentials", "create", "--config", config, "--account", ACCOUNT, "--user", "u", "--policy", policy)
    assert made.returncode == 0, made.stderr
    credential = tuple(line.split()[-1] for line in made.stdout.splitlines())
    server = Server(folder / "keyfront.log", "serve", "--config", config)
    yield server, pem, credential
    assert server.stop() == 0, server.log


def signed_list(host, credential):
    access_key, secret = credential
    return sign_v4(Request("GET", STORES, host), access_key=access_key, secret=secret).headers


@pytest.mark.parametrize("http2", [True, False])
def test_tls_speaks_both_versions_and_the_policy_sees_it(encrypted, http2):
    server, pem, credential = encrypted
    host = f"localhost:{server.port}"
    with httpx.Client(http2=http2, verify=ssl.create_default_context(cafile=pem), trust_env=False) as client:
        answer = client.get(f"https://{host}{STORES}", headers=signed_list(host, credential))
    assert answer.status_code == 200, answer.text
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    assert answer.headers["x-amzn-requestid"] and answer.headers["date"]


def test_http2_needs_no_tls(server):
    host = f"localhost:{server.port}"
    with httpx.Client(http1=False, http2=True, trust_env=False) as client:
        answer = client.get(f"http://{host}{STORES}", headers=signed_list(host, ("test", "test")))
        unsigned = client.get(f"http://{host}{STORES}")
    assert (answer.status_code, answer.http_version) == (200, "HTTP/2")
    assert unsigned.status_code == 403


def test_boto3_works_over_tls_on_both_planes(encrypted, monkeypatch):
    server, pem, (access_key, secret) = encrypted
    # What a wildcard record in DNS does for a real server.
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **named: resolve("127.0.0.1", *rest, **named)
    )

    def client(service):
        return boto3.client(
            service,
            endpoint_url=f"https://localhost:{server.port}",
            verify=str(pem),
            region_name=REGION,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret,
            config=Config(proxies={}, retries={"max_attempts": 1}),
        )

    arn = client("cloudfront").create_key_value_store(Name=unique_name())["KeyValueStore"]["ARN"]
    data = client("cloudfront-keyvaluestore")
    etag = data.describe_key_value_store(KvsARN=arn)["ETag"]
    data.put_key(KvsARN=arn, Key="a/b", Value="ü", IfMatch=etag)
    assert data.get_key(KvsARN=arn, Key="a/b")["Value"] == "ü"


def test_plain_http_on_the_tls_port_gets_no_answer(encrypted):
    server, _, credential = encrypted
    host = f"localhost:{server.port}"
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.HTTPError):
        client.get(f"http://{host}{STORES}", headers=signed_list(host, credential))


def test_a_private_key_that_others_can_read_is_refused(tmp_path):
    pem, key_pem = write_certificate(tmp_path)
    key_pem.chmod(0o644)
    answer = keyfront("check-config", "--config", configured(tmp_path, pem, key_pem))
    assert answer.returncode == 1
    assert "chmod 600" in answer.stderr and str(key_pem) in answer.stderr


def test_a_check_reads_the_certificates_of_the_edge_too(tmp_path):
    (tmp_path / "other").mkdir()
    pem, _ = write_certificate(tmp_path)
    _, other_key = write_certificate(tmp_path / "other")
    config = tmp_path / "keyfront.toml"
    config.write_text(f'[edge.certificates.default]\ncertificate = "{pem}"\nprivate_key = "{other_key}"\n')
    answer = keyfront("check-config", config)
    assert answer.returncode == 1
    assert "[edge.certificates] default" in answer.stderr and str(pem) in answer.stderr


def served_certificate(server):
    return ssl.get_server_certificate(("localhost", server.port)).encode()


def test_sighup_reloads_the_certificate_and_what_is_broken_changes_nothing(tmp_path):
    pem, key_pem = write_certificate(tmp_path)
    config = configured(tmp_path, pem, key_pem)
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}))
    made = keyfront("credentials", "create", "--config", config, "--account", ACCOUNT, "--user", "u", "--policy", policy)
    assert made.returncode == 0, made.stderr
    server = Server(tmp_path / "keyfront.log", "serve", "--config", config)

    def hang_up(said):
        before = server.log.count("SIGHUP")
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: server.log.count("SIGHUP") > before, "a reload is logged", PATIENCE)
        assert server.process.poll() is None, server.log
        assert said in server.log

    def expiry():
        """When the API's certificate expires, as the metrics tell it."""
        admin = re.search(r"\badmin=(\S+)", re.sub(r"\x1b\[[0-9;]*m", "", server.log))[1]
        metrics = httpx.get(f"http://{admin}/metrics", trust_env=False).text
        return int(re.search(r'^keyfront_certificate_expiry_timestamp_seconds\{certificate="server.tls"\} (\d+)$', metrics, re.M)[1])

    def expected(pem):
        return int(x509.load_pem_x509_certificate(pem.read_bytes()).not_valid_after_utc.timestamp())

    assert served_certificate(server).split() == pem.read_bytes().split()
    first = expected(pem)
    assert expiry() == first
    other = tmp_path / "other"
    other.mkdir()
    new_pem, new_key = write_certificate(other, datetime.timedelta(days=2))
    pem.write_bytes(new_pem.read_bytes())
    hang_up("nothing was reloaded; everything stays as it was")
    assert expiry() == first
    key_pem.write_bytes(new_key.read_bytes())
    hang_up("reloaded the certificate")
    assert expiry() == expected(new_pem) > first
    assert served_certificate(server).split() == new_pem.read_bytes().split()
    assert server.stop() == 0, server.log
