"""Everything that a release consists of, made of the program under test."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

import packages
from packages import run
from server import BINARY, ROOT
from test_container import laid_out

# How large a program of a release may be, in bytes.
LARGEST = 20_000_000


def test_the_checksums_are_those_of_every_artifact():
    lines = dict(line.split("  ")[::-1] for line in (packages.dist() / "SHA256SUMS").read_text().splitlines())
    files = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in packages.dist().iterdir()}
    del files["SHA256SUMS"]
    assert lines == files
    kinds = sorted(name.partition("-0.")[0] if name.endswith(".tgz") else name.rpartition(".")[2] for name in files)
    assert {"gz", "json", "keyfront", "keyfront-linux-x64", "whl"} <= set(kinds)


def test_the_archive_has_the_program_and_its_pages(tmp_path):
    (archive,) = packages.dist().glob("keyfront-*-linux-gnu.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    assert run(folder / "keyfront", "--version").stdout == run(BINARY, "--version").stdout
    assert (folder / "man/keyfront-kvs.1").is_file()
    assert (folder / "completions/keyfront.fish").stat().st_size > 0
    assert (folder / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


def test_the_bill_of_materials_lists_what_is_in_the_program_and_nothing_else():
    (file,) = packages.dist().glob("*.cdx.json")
    bill = json.loads(file.read_text())
    listed = {component["purl"] for component in bill["components"]}
    tree = ["tree", "--package", "keyfront", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
    command = ["cargo", *tree, "--locked", "--offline", "--target", "x86_64-unknown-linux-gnu"]
    shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    linked = {f"pkg:cargo/{line.split()[0]}@{line.split()[1][1:]}" for line in shown.splitlines() if line}
    assert linked - listed <= {bill["metadata"]["component"]["purl"]}
    assert not [purl for purl in listed if purl.startswith("pkg:cargo/keyfront-testkit@")]
    assert all(component.get("licenses") for component in bill["components"])
    known = listed | {bill["metadata"]["component"]["purl"]}
    assert all(edge["ref"] in known and set(edge["dependsOn"]) <= known for edge in bill["dependencies"])


def test_a_program_that_needs_libraries_is_not_taken_for_a_static_one(tmp_path):
    ls = shutil.which("ls")
    answer = run(sys.executable, packages.PACKAGES / "dist.py", ls, tmp_path / "out", ls, code=1)
    assert "needs libraries: " in answer.stderr and "libc.so.6" in answer.stderr
    assert not (tmp_path / "out").exists()


def test_nothing_names_a_repository_but_the_manifest():
    """A placeholder or an address of its own would be a dead link, or one that is forgotten when it changes."""
    sys.path.insert(0, str(packages.PACKAGES))
    from project import REPOSITORY

    folders = [ROOT / name for name in ("docs", "packages", "examples", ".github")]
    files = [*ROOT.glob("*.md"), ROOT / "action.yml", ROOT / "flake.nix"]
    files += [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    named = {}
    for file in files:
        if {"node_modules", "__pycache__"} & set(file.parts):
            continue
        text = file.read_text(errors="replace")
        found = re.findall(r"OWNER/[\w-]+|https://git(?:hub|lab)\.com/[\w-]+/keyfront\b", text)
        if set(found) - {REPOSITORY}:
            named[str(file.relative_to(ROOT))] = found
    assert named == {}


@pytest.fixture(scope="module")
def released():
    """The folder of what `cargo xtask dist` makes. It takes long where it was not made before."""
    command = ["cargo", "run", "--quiet", "--package", "xtask", "--", "dist"]
    made = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
    return Path(made.stdout.strip().splitlines()[-1].removeprefix("all of it is in "))


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", ["gnu", "static"])
def test_a_program_of_a_release_is_small_and_runs_where_nothing_else_is(released, kind, tmp_path):
    """One runs beside any C library since glibc 2.17, as far as its symbols tell; the other without one."""
    sys.path.insert(0, str(packages.PACKAGES))
    from elf import Program

    (archive,) = released.glob(f"keyfront-*-linux-{kind}.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "archive", filter="data")
    (program,) = tmp_path.glob("archive/*/keyfront")
    assert program.stat().st_size <= LARGEST
    needs = Program(program)
    assert needs.is_static == (kind == "static")
    assert all(version <= (2, 17) for version in needs.glibc)

    root, log = laid_out(tmp_path, program), tmp_path / "log"
    libraries = [file.name for file in root.folder.rglob("*") if file.is_file() and ".so" in file.name]
    assert (libraries == []) == (kind == "static")
    code, printed = root.run(*root.entry, "--version", log=log)
    assert code == 0 and printed.startswith("keyfront "), log.read_text()
    (root.folder / "tmp/function.js").write_text("function handler(event) { return event.request; }")
    code, printed = root.run(*root.entry, "fn", "run", "/tmp/function.js", "--request", "GET /a", log=log)
    assert code == 0, log.read_text()
    with root.serving("dev", "--ephemeral", "--listen", "127.0.0.1:0", log=log) as (_server, url):
        code, _ = root.run(*root.entry, "kvs", "create", "first", log=log, KEYFRONT_ENDPOINT=url)
        assert code == 0, log.read_text()
