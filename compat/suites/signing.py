"""Signed URLs and cookies: the program's own commands, and the real signers that they are held against."""

import base64
import datetime
import json
import subprocess
from pathlib import Path

from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

import node
from server import BINARY, PATIENCE, ROOT, clean_environment

EXPIRES = 1_767_290_400
BEFORE = str(EXPIRES - 1)
HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256}


def keyfront(*arguments, server=None, folder=None, input=None):
    """Runs the program as a person does."""
    more = {"KEYFRONT_ENDPOINT": server.endpoint} if server else {}
    return subprocess.run(
        [BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=PATIENCE, cwd=folder, input=input,
        env=clean_environment(PYTHONIOENCODING="utf-8", **more),
    )


def printed(*arguments, code=0, **more):
    """What a command prints that ends with the code."""
    answer = keyfront(*arguments, **more)
    assert answer.returncode == code, f"{answer.returncode}: {answer.stderr}{answer.stdout}"
    assert "panicked" not in answer.stderr
    return answer.stdout.rstrip("\n")


class Key:
    """A key pair that `keyfront keys generate` made, as its user and as Python's library see it."""

    def __init__(self, folder, kind):
        printed("keys", "generate", "--type", kind, "--out", folder)
        self.kind = kind
        self.private, self.public = folder / "private_key.pem", folder / "public_key.pem"
        self.secret = serialization.load_pem_private_key(self.private.read_bytes(), None)
        self.id = f"K{kind.upper()}"

    def sign(self, message, hash="sha1"):
        if self.kind == "rsa":
            return self.secret.sign(message, padding.PKCS1v15(), HASHES[hash]())
        return self.secret.sign(message, ec.ECDSA(HASHES[hash]()))

    def check(self, signature, message, hash="sha1"):
        """Raises InvalidSignature unless this key signed the message."""
        public = serialization.load_pem_public_key(self.public.read_bytes())
        if self.kind == "rsa":
            public.verify(signature, message, padding.PKCS1v15(), HASHES[hash]())
        else:
            public.verify(signature, message, ec.ECDSA(HASHES[hash]()))

    def signer(self, hash="sha1"):
        """botocore's signer, the way its documentation uses it."""
        return CloudFrontSigner(self.id, lambda message: self.sign(message, hash))

    @property
    def arguments(self):
        return ("--key-pair-id", self.id, "--private-key", self.private)


def date(seconds=EXPIRES):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def verify(url, key, *arguments, code=0, at=BEFORE, **more):
    """What `keyfront verify` finds with one key, as JSON."""
    command = ("verify", url, "--public-key", key.public, "--at", at, "--output", "json", *arguments)
    return json.loads(printed(*command, code=code, **more))


def canned(url, expires=EXPIRES):
    """A canned policy, byte for byte as CloudFront's documentation has it."""
    return f'{{"Statement":[{{"Resource":"{url}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{expires}}}}}}}]}}'


def encode(data):
    return base64.b64encode(data).decode().translate(str.maketrans("+=/", "-_~"))


def decode(text):
    return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)


def joined(url, **parameters):
    query = "&".join(f"{name.replace('_', '-')}={value}" for name, value in parameters.items())
    return f"{url}{'&' if '?' in url else '?'}{query}"


def node_signer():
    """Signs a list of requests with the signer of the AWS SDK for JavaScript. Skips where that cannot be."""
    folder = node.packages(ROOT / "compat/node-signer", "node-signer", "sign.js").parent

    def sign(wanted):
        answer = subprocess.run(
            ["node", "sign.js"], cwd=folder, input=json.dumps(wanted), capture_output=True, text=True,
            timeout=PATIENCE * 3, env=clean_environment(),
        )
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    return sign


def new_keys(folder):
    return {kind: Key(Path(folder) / kind, kind) for kind in ("rsa", "ecdsa")}
