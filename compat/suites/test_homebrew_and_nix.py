"""The formula for Homebrew and the flake for Nix, as far as they can be run without Homebrew and nixpkgs."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

import packages
from packages import PACKAGES, run
from server import BINARY, ROOT

FORMULA = PACKAGES / "homebrew/formula.py"
SUITES = Path(__file__).parent


def test_the_formula_installs_what_the_archive_holds(tmp_path):
    if not shutil.which("ruby"):
        pytest.skip("ruby is not installed: the formula was not run")
    formula = tmp_path / "keyfront.rb"
    formula.write_text(run(sys.executable, FORMULA, packages.dist(), packages.dist().as_uri()).stdout)
    run("ruby", "-wc", formula)
    run("ruby", SUITES / "homebrew.rb", formula, tmp_path / "prefix")
    assert (tmp_path / "prefix/bin/keyfront").read_bytes() == BINARY.read_bytes()
    assert (tmp_path / "prefix/share/man/man1/keyfront-kvs.1").is_file()


def test_a_formula_wants_an_archive_of_this_version(tmp_path):
    (tmp_path / "keyfront-0.0.9-x86_64-unknown-linux-gnu.tar.gz").touch()
    assert "has no archive of version" in run(sys.executable, FORMULA, tmp_path, "file:///", code=1).stderr


def test_the_flake_describes_a_package_for_each_system():
    if not shutil.which("nix-instantiate"):
        pytest.skip("nix is not installed: the flake was not evaluated")
    words = ("--eval", "--strict", "--json", SUITES / "flake_packages.nix", "--arg", "root", ROOT)
    variables = {"HOME": os.devnull, "NIX_STATE_DIR": "/tmp/nix"}
    made = json.loads(run("nix-instantiate", *words, **variables).stdout)
    version = run(BINARY, "--version").stdout.split()[1]
    assert set(made) == {"x86_64-linux", "aarch64-linux", "aarch64-darwin"}
    assert all(each["version"] == version and each["lock"] for each in made.values())
    # What the package runs after the build are commands that there are.
    assert "keyfront manual --out" in made["x86_64-linux"]["postInstall"]
