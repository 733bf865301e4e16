"""Fields that `keyfront fle` encrypts and decrypts, against AWS's own Encryption SDK."""

import base64
import itertools
import stat
import subprocess
import urllib.parse

import aws_encryption_sdk
import pytest
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.exceptions import ActionNotAllowedError
from aws_encryption_sdk.identifiers import AlgorithmSuite, EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider

import server as keyfront
from keys import FOLDER, pem
from server import BINARY, clean_environment

PROVIDER, KEY_NAME = "FLEDemo", "ExampleKey"
OURS = AlgorithmSuite.AES_256_GCM_IV12_TAG16_HKDF_SHA256
SIZES = [0, 1, 12, 127, 128, 129, 255, 256, 257, 4095, 4096, 4097, 8191, 8192, 8193, 16384, 100_000]
RECIPIENT = ("--public-key", FOLDER / "rsa-2048.pem", "--provider-id", PROVIDER, "--key-name", KEY_NAME)


def plaintext(size):
    return bytes(itertools.islice(itertools.cycle(range(251)), size))


def fle(*arguments, data=b"", fails=False):
    """Runs `keyfront fle` and returns its standard output; with `fails` its error text instead."""
    answer = subprocess.run(
        [BINARY, "fle", *map(str, arguments)], input=data, capture_output=True, env=clean_environment(),
        timeout=keyfront.PATIENCE,
    )
    assert (answer.returncode != 0) == fails, answer.stderr
    if not fails:
        return answer.stdout
    assert (answer.returncode, answer.stdout) == (1, b"") and b"panicked" not in answer.stderr
    return answer.stderr.decode()


class Provider(RawMasterKeyProvider):
    """A raw RSA key with the padding that CloudFront uses, as AWS's sample for field-level encryption has it."""

    provider_id = PROVIDER

    def __new__(cls, *_, **__):
        return super().__new__(cls)

    def __init__(self, key, private=True):
        super().__init__()
        self._key = pem(f"{key}-private" if private else key).encode()
        self._type = EncryptionKeyType.PRIVATE if private else EncryptionKeyType.PUBLIC
        self.add_master_key(KEY_NAME)

    def _get_raw_key(self, key_id):
        return WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.RSA_OAEP_SHA256_MGF1,
            wrapping_key=self._key, wrapping_key_type=self._type,
        )


class Stranger(Provider):
    provider_id = "stranger"


def sdk_decrypt(message):
    # CloudFront's messages have no commitment, which the SDK's default policy insists on.
    client = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
    return client.decrypt(source=message, key_provider=Provider("rsa-2048"))


def sdk_encrypt(source, suite, provider=None, **more):
    policy = CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
    if suite.is_committing():
        policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    provider = provider or Provider("rsa-2048", private=False)
    client = EncryptionSDKClient(commitment_policy=policy)
    return client.encrypt(source=source, key_provider=provider, algorithm=suite, **more)[0]


@pytest.fixture(scope="module")
def private_key(tmp_path_factory):
    """The private key in a file that its owner alone can read; others are refused."""
    path = tmp_path_factory.mktemp("key") / "private.pem"
    path.write_text(pem("rsa-2048-private"))
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("size", SIZES)
def test_the_sdk_decrypts_what_we_encrypt(size):
    message = fle("encrypt", *RECIPIENT, data=plaintext(size))
    read, header = sdk_decrypt(message)
    assert read == plaintext(size)
    assert (header.algorithm, header.frame_length, header.encryption_context) == (OURS, 4096, {})
    (data_key,) = header.encrypted_data_keys
    assert (data_key.key_provider.provider_id, data_key.key_provider.key_info) == (PROVIDER, KEY_NAME.encode())
    assert len(message) == len(sdk_encrypt(plaintext(size), OURS))


def test_the_sdks_default_policy_refuses_what_has_no_commitment():
    message = fle("encrypt", *RECIPIENT, data=b"secret")
    with pytest.raises(ActionNotAllowedError):
        EncryptionSDKClient().decrypt(source=message, key_provider=Provider("rsa-2048"))


@pytest.mark.parametrize("frame", [0, 128, 4096])
@pytest.mark.parametrize("suite", AlgorithmSuite, ids=lambda suite: f"{suite.algorithm_id:04x}")
def test_we_decrypt_what_the_sdk_encrypts(private_key, suite, frame):
    sizes = SIZES if suite is OURS else [0, 1, frame - 1, frame, frame + 1, 2 * frame]
    for size in {size for size in sizes if size >= 0}:
        message = sdk_encrypt(plaintext(size), suite, frame_length=frame)
        assert fle("decrypt", "--private-key", private_key, data=message) == plaintext(size), size


def test_we_decrypt_what_the_sdk_writes_when_nobody_chooses(private_key):
    context = {"purpose": "a test", "ä": "", "field": "Phone"}
    source = plaintext(10_000)
    message, header = aws_encryption_sdk.EncryptionSDKClient().encrypt(
        source=source, key_provider=Provider("rsa-2048", private=False), encryption_context=context
    )
    assert header.algorithm.algorithm_id == 0x0578
    decrypt = ("decrypt", "--private-key", private_key, "--provider-id", PROVIDER, "--key-name", KEY_NAME)
    assert fle(*decrypt, data=message) == source


def test_we_find_our_data_key_among_others(private_key):
    provider = Stranger("rsa-2048-other", private=False)
    provider.add_master_key_provider(Provider("rsa-2048", private=False))
    message = sdk_encrypt(b"secret", OURS, provider)
    for expected in [(), ("--provider-id", PROVIDER)]:
        assert fle("decrypt", "--private-key", private_key, *expected, data=message) == b"secret"
    error = fle("decrypt", "--private-key", private_key, "--provider-id", "stranger", data=message, fails=True)
    assert "the private key opens no data key" in error


def test_a_form_comes_out_with_its_fields_encrypted_for_the_sdk():
    body = b"Name=Jane+Doe&Phone=404-555-0150&Card%5B0%5D=1%2B2+%C3%A4&Cardinal=&x=%2f"
    out = fle("form", *RECIPIENT, "--field", "Phone", "--field", "Card*", data=body)
    before = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True)
    after = urllib.parse.parse_qsl(out.decode(), keep_blank_values=True)
    assert [name for name, _ in after] == [name for name, _ in before]
    for (name, value), (_, secret) in zip(before, after, strict=True):
        if name.startswith(("Phone", "Card")):
            assert sdk_decrypt(base64.b64decode(secret, validate=True))[0].decode() == value
        else:
            assert secret == value
    assert out.startswith(b"Name=Jane+Doe&Phone=") and out.endswith(b"&x=%2f")


def test_a_message_is_decrypted_however_it_was_found(private_key):
    text = fle("encrypt", *RECIPIENT, "--base64", data=b"secret")
    message = base64.b64decode(text, validate=False)
    assert text == base64.b64encode(message) + b"\n" and sdk_decrypt(message)[0] == b"secret"
    for found in [message, text, text.strip(b"=\n"), urllib.parse.quote(text.strip(), safe="").encode()]:
        assert fle("decrypt", "--private-key", private_key, data=found) == b"secret"


def test_files_are_read_and_written_for_their_owner_alone(tmp_path, private_key):
    source, message, result = (tmp_path / name for name in ("source", "message", "result"))
    source.write_bytes(b"secret")
    assert fle("encrypt", *RECIPIENT, "--file", source, "--out", message) == b""
    assert fle("decrypt", "--private-key", private_key, "--file", message, "--out", result) == b""
    assert result.read_bytes() == b"secret"
    assert stat.S_IMODE(result.stat().st_mode) == 0o600


def test_a_failure_says_why_and_leaves_the_output_as_it_was(tmp_path, private_key):
    message = fle("encrypt", *RECIPIENT, data=b"secret")
    changed = message[:-1] + bytes([message[-1] ^ 1])
    other = fle("encrypt", "--public-key", FOLDER / "rsa-2048-other.pem", *RECIPIENT[2:], data=b"secret")
    kept = tmp_path / "kept"
    kept.write_text("before")
    decrypt = ("decrypt", "--private-key", private_key, "--out", kept)
    for arguments, data, expected in [
        (decrypt, changed, "was changed after it was encrypted"),
        (decrypt, message[:-1], "it ends too early"),
        (decrypt, message + b"x", "something follows its end"),
        (decrypt, other, "the private key opens no data key of the message"),
        (decrypt, b"404-555-0150", "neither a message of the AWS Encryption SDK nor one in base64"),
        (decrypt, b"", "not a message of the AWS Encryption SDK"),
        ((*decrypt, "--key-name", "K2JCJMDEHXQW5F"), message, f'provider "{PROVIDER}" with key name "{KEY_NAME}"'),
        ((*decrypt, "--file", tmp_path / "none"), b"", "none cannot be read"),
        (("decrypt", "--private-key", tmp_path / "none"), b"", "none cannot be read"),
        (("form", *RECIPIENT, "--field", "a b"), b"", 'the field pattern "a b" is not valid'),
        (("form", *RECIPIENT, "--field", "AB*", "--field", "ABC"), b"", "overlap"),
        (("form", *RECIPIENT, "--field", "a"), b"a=%zz", "MalformedInputClientError"),
        (("form", *RECIPIENT, "--field", "a"), b"a=" + b"1" * 16385, "FieldLengthLimitClientError"),
        (("form", *RECIPIENT, "--field", "a"), b"x=1&" * 11, "FieldNumberLimitClientError"),
        (("form", *RECIPIENT, "--field", "a"), b"&" * 1048577, "RequestLengthLimitClientError"),
        (("encrypt", "--public-key", FOLDER / "p-256.pem", *RECIPIENT[2:]), b"", "needs an RSA key with 2048 bits"),
        (("encrypt", "--public-key", private_key, *RECIPIENT[2:]), b"", "openssl pkey -in"),
    ]:
        assert expected in fle(*arguments, data=data, fails=True)
    assert kept.read_text() == "before"


def test_a_private_key_must_be_private_and_usable(tmp_path):
    for name, mode, expected in [
        ("rsa-2048-private", 0o644, "chmod 600"),
        ("rsa-2048", 0o600, "it is a public key"),
        ("certificate", 0o600, "not an RSA private key"),
    ]:
        path = tmp_path / name
        path.write_text(pem(name))
        path.chmod(mode)
        assert expected in fle("decrypt", "--private-key", path, fails=True)
    path = tmp_path / "pkcs1"
    path.write_text(pem("rsa-2048-private-pkcs1"))
    path.chmod(0o600)
    message = fle("encrypt", *RECIPIENT, data=b"secret")
    assert fle("decrypt", "--private-key", path, data=message) == b"secret"
