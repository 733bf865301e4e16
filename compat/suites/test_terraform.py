"""Terraform with the AWS provider 5.100.0, untouched, under `keyfront exec`.

Each Terraform command starts the provider anew, which takes seconds; so a test walks through the life of
a resource instead of looking at one step.
"""

import json
import os
import platform
import shutil
from pathlib import Path

import pytest

from clients import all_pairs, client, etag_of
from server import run_with

PROVIDER = "5.100.0"
MINUTES = 60

VERSIONS = f"""
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{PROVIDER}"
    }}
  }}
}}

provider "aws" {{
  region = "us-east-1"
}}
"""


def mirror_folder():
    """The folder with the provider: the one that is named, or where Terraform itself would look."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    shared = (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    usual = [
        home / ".terraform.d/plugins", data / "terraform/plugins",
        *(Path(folder) / "terraform/plugins" for folder in shared), Path("/opt/tf-plugins"),
    ]
    named = os.environ.get("KEYFRONT_TF_PLUGINS")
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    system = f"{platform.system().lower()}_{machine}"
    for folder in [Path(named)] if named else usual:
        provider = folder / "registry.terraform.io/hashicorp/aws"
        packed = provider / f"terraform-provider-aws_{PROVIDER}_{system}.zip"
        if packed.exists() or (provider / PROVIDER / system).exists():
            return folder
    return None


class Project:
    """A folder with a Terraform configuration, and the server that it talks to."""

    def __init__(self, server, folder, settings):
        self.server, self.folder = server, folder
        self.environment = {"TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}

    def terraform(self, *arguments, codes=(0,)):
        answer = run_with(
            self.server, ["terraform", *arguments], environment=self.environment, folder=self.folder, timeout=4 * MINUTES
        )
        assert answer.returncode in codes, f"{arguments}\n{answer.stdout}\n{answer.stderr}\n{self.server.log[-4000:]}"
        return answer

    def write(self, configuration):
        (self.folder / "main.tf").write_text(configuration, encoding="utf-8")

    def apply(self, configuration=None):
        if configuration is not None:
            self.write(configuration)
        self.terraform("apply", "-auto-approve", "-input=false", "-no-color")

    def expect_no_drift(self):
        answer = self.terraform("plan", "-detailed-exitcode", "-input=false", "-no-color", codes=(0, 2))
        assert answer.returncode == 0, f"the plan after an apply is not empty:\n{answer.stdout}"

    def import_again(self, imports):
        """Forgets resources and takes them in again by their import ids."""
        self.terraform("state", "rm", *imports)
        for address, identity in imports.items():
            self.terraform("import", "-input=false", "-no-color", address, identity)

    def destroy(self):
        self.terraform("destroy", "-auto-approve", "-input=false", "-no-color")

    def state_of(self, address):
        state = json.loads((self.folder / "terraform.tfstate").read_text(encoding="utf-8"))
        kind, _, name = address.partition(".")
        found = [r for r in state["resources"] if (r["type"], r["name"]) == (kind, name)]
        return found[0]["instances"][0]["attributes"]


@pytest.fixture(scope="module")
def initialized(tmp_path_factory):
    """A folder in which `terraform init` was run, and the settings that name the provider's mirror."""
    if not shutil.which("terraform"):
        pytest.skip("Terraform is not installed: nothing was checked with it")
    mirror = mirror_folder()
    if not mirror:
        pytest.skip(f"no mirror holds Terraform's AWS provider {PROVIDER} (KEYFRONT_TF_PLUGINS): nothing was checked")
    folder = tmp_path_factory.mktemp("terraform")
    settings = folder / "terraform.rc"
    settings.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    template = folder / "template"
    template.mkdir()
    (template / "versions.tf").write_text(VERSIONS)
    return template, settings


@pytest.fixture
def project(initialized, empty_server, tmp_path):
    template, settings = initialized
    folder = tmp_path / "project"
    if not (template / ".terraform").exists():
        Project(empty_server, template, settings).terraform("init", "-input=false", "-no-color")
    shutil.copytree(template, folder, symlinks=True)
    return Project(empty_server, folder, settings)


def hcl(text):
    """A string literal of Terraform's language."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def stores_of(server):
    control = client(server, "cloudfront")
    return {store["Name"]: store for store in control.list_key_value_stores()["KeyValueStoreList"].get("Items", [])}


def store_block(name, comment=None):
    comment = "" if comment is None else f"  comment = {hcl(comment)}\n"
    return f'resource "aws_cloudfront_key_value_store" "{name}" {{\n  name = "{name}"\n{comment}}}\n'


@pytest.mark.timeout(10 * MINUTES)
def test_stores_are_made_changed_imported_and_destroyed(project):
    special = "a <comment> & \"quotes\" 'n' ünï"
    project.apply(store_block("plain") + store_block("empty", "") + store_block("special", special))
    found = stores_of(project.server)
    assert set(found) == {"plain", "empty", "special"}
    assert found["special"]["Comment"] == special
    assert project.state_of("aws_cloudfront_key_value_store.plain")["etag"] == "ETVPDKIKX0DER"
    project.expect_no_drift()

    project.apply(store_block("plain", "now with") + store_block("empty", "") + store_block("special", ""))
    found = stores_of(project.server)
    assert (found["plain"]["Comment"], found["special"]["Comment"]) == ("now with", "")
    assert project.state_of("aws_cloudfront_key_value_store.plain")["etag"] == "E3UN6WX5RRO2AG"

    project.import_again({"aws_cloudfront_key_value_store.plain": "plain"})
    project.expect_no_drift()
    project.destroy()
    assert stores_of(project.server) == {}


KEYS = {
    "k1": "v1", "a/b": "slash", "a%2Fb": "percent", "ü/ñ": "unicode", "😀": "four bytes", ".": "dot", "..": "dots",
    "/lead": "", "a b+c?d&e#f": "reserved", "q\"'\\": "quotes",
}


def keys_block(pairs):
    entries = "".join(f"    {hcl(key)} = {hcl(value)}\n" for key, value in pairs.items())
    return store_block("pairs") + f"""
resource "aws_cloudfrontkeyvaluestore_key" "key" {{
  for_each            = {{
{entries}  }}
  key_value_store_arn = aws_cloudfront_key_value_store.pairs.arn
  key                 = each.key
  value               = each.value
}}
"""


@pytest.mark.timeout(10 * MINUTES)
def test_single_keys_are_made_changed_repaired_imported_and_destroyed(project):
    data = client(project.server, "cloudfront-keyvaluestore")
    project.apply(keys_block(KEYS))
    arn = stores_of(project.server)["pairs"]["ARN"]
    assert all_pairs(data, arn) == KEYS
    project.expect_no_drift()

    # A changed value, a key that leaves, and one that somebody else has removed meanwhile.
    data.delete_key(KvsARN=arn, Key="a/b", IfMatch=etag_of(data, arn))
    changed = {**KEYS, "k1": "changed"}
    del changed["😀"]
    project.apply(keys_block(changed))
    assert all_pairs(data, arn) == changed

    project.import_again({'aws_cloudfrontkeyvaluestore_key.key["a/b"]': f"{arn},a/b"})
    project.expect_no_drift()
    # The store's own ETag is the one from before its keys were deleted: the planes' ETags are independent.
    project.destroy()
    assert stores_of(project.server) == {}


def exclusive_block(pairs, batch=None):
    blocks = "".join(
        f"  resource_key_value_pair {{\n    key   = {hcl(key)}\n    value = {hcl(value)}\n  }}\n"
        for key, value in pairs.items()
    )
    size = f"  max_batch_size = {batch}\n" if batch else ""
    return store_block("exclusive") + f"""
resource "aws_cloudfrontkeyvaluestore_keys_exclusive" "keys" {{
  key_value_store_arn = aws_cloudfront_key_value_store.exclusive.arn
{size}{blocks}}}
"""


@pytest.mark.timeout(10 * MINUTES)
def test_an_exclusive_set_of_169_keys_holds_against_others(project):
    data = client(project.server, "cloudfront-keyvaluestore")
    control = client(project.server, "cloudfront")
    pairs = {f"key/{number} ü%": f"value {number}" for number in range(169)}
    project.apply(exclusive_block(pairs))
    arn = stores_of(project.server)["exclusive"]["ARN"]
    assert all_pairs(data, arn, MaxResults=50) == pairs
    project.expect_no_drift()

    # Somebody else adds a key and removes another: both are put right.
    data.update_keys(
        KvsARN=arn, IfMatch=etag_of(data, arn), Puts=[{"Key": "foreign", "Value": "x"}],
        Deletes=[{"Key": "key/7 ü%"}],
    )
    project.apply()
    assert all_pairs(data, arn, MaxResults=50) == pairs

    project.import_again({"aws_cloudfrontkeyvaluestore_keys_exclusive.keys": arn})
    fewer = dict(list(pairs.items())[:60]) | {"new": "1"}
    project.apply(exclusive_block(fewer, batch=35))
    assert all_pairs(data, arn, MaxResults=50) == fewer
    project.expect_no_drift()

    # The store disappears with all its keys: everything is made again.
    etag = control.describe_key_value_store(Name="exclusive")["ETag"]
    control.delete_key_value_store(Name="exclusive", IfMatch=etag)
    project.apply()
    again = stores_of(project.server)["exclusive"]["ARN"]
    assert again != arn
    assert all_pairs(data, again, MaxResults=50) == fewer
    project.destroy()
    assert stores_of(project.server) == {}


@pytest.mark.timeout(10 * MINUTES)
def test_keys_of_a_store_that_disappeared_are_made_again(project):
    control = client(project.server, "cloudfront")
    data = client(project.server, "cloudfront-keyvaluestore")
    project.apply(keys_block({"k1": "v1", "a/b": "v2"}))
    etag = control.describe_key_value_store(Name="pairs")["ETag"]
    control.delete_key_value_store(Name="pairs", IfMatch=etag)
    project.apply()
    assert all_pairs(data, stores_of(project.server)["pairs"]["ARN"]) == {"k1": "v1", "a/b": "v2"}
    project.destroy()
    assert stores_of(project.server) == {}
