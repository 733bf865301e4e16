"""What every package says of the project, from the workspace's manifest: its version and where its repository is.

The repository has no public address yet. Once it has one it is written into `repository` of `[workspace.package]`, and
packages, formula and checks take it from there.
"""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORKSPACE = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]

VERSION = WORKSPACE["version"]
REPOSITORY = WORKSPACE.get("repository")
DESCRIPTION = "CloudFront's KeyValueStore and functions on your own machine"
LICENSE = WORKSPACE["license"]
