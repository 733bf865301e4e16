"""A Terraform project that is run against a server, and the pieces of configuration that tests share."""

import json
import os
import platform
from pathlib import Path

from clients import client
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
        # Where Terraform is sent: the server, or a gateway in front of it.
        self.entrance = server
        # How long one command may take.
        self.patience = 4 * MINUTES
        self.environment = {"TF_CLI_CONFIG_FILE": str(settings), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}

    def terraform(self, *arguments, codes=(0,)):
        answer = run_with(
            self.entrance, ["terraform", *arguments], environment=self.environment, folder=self.folder,
            timeout=self.patience,
        )
        assert answer.returncode in codes, f"{arguments}\n{answer.stdout}\n{answer.stderr}\n{self.server.log[-4000:]}"
        return answer

    def write(self, configuration):
        (self.folder / "main.tf").write_text(configuration, encoding="utf-8")

    def apply(self, configuration=None, codes=(0,)):
        if configuration is not None:
            self.write(configuration)
        return self.terraform("apply", "-auto-approve", "-input=false", "-no-color", codes=codes)

    def plan(self, *arguments):
        """What Terraform would do, as it says it, and whether that is anything."""
        answer = self.terraform(
            "plan", "-detailed-exitcode", "-input=false", "-no-color", *arguments, codes=(0, 2)
        )
        return answer.stdout, answer.returncode == 2

    def expect_no_drift(self):
        text, changes = self.plan()
        assert not changes, f"the plan after an apply is not empty:\n{text}"

    def import_again(self, imports):
        """Forgets resources and takes them in again by their import ids."""
        self.terraform("state", "rm", *imports)
        for address, identity in imports.items():
            self.terraform("import", "-input=false", "-no-color", address, identity)

    def destroy(self):
        self.terraform("destroy", "-auto-approve", "-input=false", "-no-color")

    def outputs(self):
        """The values of the configuration's outputs."""
        state = json.loads((self.folder / "terraform.tfstate").read_text(encoding="utf-8"))
        return {name: output["value"] for name, output in state["outputs"].items()}

    def state_of(self, address):
        state = json.loads((self.folder / "terraform.tfstate").read_text(encoding="utf-8"))
        kind, _, name = address.partition(".")
        found = [r for r in state["resources"] if (r["type"], r["name"]) == (kind, name)]
        return found[0]["instances"][0]["attributes"]


def hcl(text):
    """A string literal of Terraform's language."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def store_block(name, comment=None):
    comment = "" if comment is None else f"  comment = {hcl(comment)}\n"
    return f'resource "aws_cloudfront_key_value_store" "{name}" {{\n  name = "{name}"\n{comment}}}\n'


def exclusive_block(pairs, batch=None, store="exclusive"):
    """A store and, of the same name, the resource that owns all its pairs."""
    blocks = "".join(
        f"  resource_key_value_pair {{\n    key   = {hcl(key)}\n    value = {hcl(value)}\n  }}\n"
        for key, value in pairs.items()
    )
    size = f"  max_batch_size = {batch}\n" if batch else ""
    return store_block(store) + f"""
resource "aws_cloudfrontkeyvaluestore_keys_exclusive" "{store}" {{
  key_value_store_arn = aws_cloudfront_key_value_store.{store}.arn
{size}{blocks}}}
"""


def stores_of(server):
    control = client(server, "cloudfront")
    return {store["Name"]: store for store in control.list_key_value_stores()["KeyValueStoreList"].get("Items", [])}


def delete_store(server, name):
    """Removes a store as another client would, outside Terraform."""
    control = client(server, "cloudfront")
    control.delete_key_value_store(Name=name, IfMatch=control.describe_key_value_store(Name=name)["ETag"])
