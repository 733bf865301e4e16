"""The Debian package, as dpkg unpacks it, and the unit of its service, as systemd reads it."""

import gzip
import re
import shutil
import sys

import pytest

import packages
from packages import PACKAGES, run
from server import BINARY

SOURCE = PACKAGES / "debian"
UNIT = "usr/lib/systemd/system/keyfront.service"


def built():
    """The package."""
    if not shutil.which("dpkg-deb"):
        pytest.skip("dpkg-deb is not installed: the Debian package was not checked")
    (found,) = packages.dist().glob("*.deb")
    return found


@pytest.fixture
def unpacked(tmp_path):
    """The files of the package."""
    run("dpkg", "-x", built(), tmp_path / "root")
    return tmp_path / "root"


def test_the_package_says_what_it_needs():
    fields = dict(line.split(": ", 1) for line in run("dpkg-deb", "-f", built()).stdout.splitlines() if ": " in line)
    assert fields["Package"] == "keyfront"
    assert fields["Version"] == run(BINARY, "--version").stdout.split()[1]
    # The names of the versions stand in the program as texts between zeros.
    texts = BINARY.read_bytes().replace(b"\0", b"\0\0").decode(errors="replace")
    versions = [tuple(map(int, pair)) for pair in re.findall(r"\0GLIBC_(\d+)\.(\d+)\0", texts)]
    assert "libc6 (>= {}.{})".format(*max(versions)) in fields["Depends"].split(", ")


def test_every_file_is_in_its_place(unpacked):
    assert run(unpacked / "usr/bin/keyfront", "--version").stdout == run(BINARY, "--version").stdout
    unit = (unpacked / UNIT).read_text()
    for program in re.findall(r"^Exec\w+=(/usr/bin/keyfront) ", unit, re.MULTILINE):
        assert (unpacked / program.lstrip("/")).stat().st_mode & 0o111
    for config in set(re.findall(r"--config (\S+)", unit)):
        assert (unpacked / config.lstrip("/")).is_file()
    page = gzip.decompress((unpacked / "usr/share/man/man1/keyfront-kvs.1.gz").read_bytes())
    assert b".TH keyfront-kvs 1" in page
    completions = [file for file in unpacked.rglob("*keyfront*") if "completion" in str(file.parent)]
    assert sorted(file.name for file in completions) == ["_keyfront", "keyfront", "keyfront.fish"]
    writable = [file for file in unpacked.rglob("*") if file.stat().st_mode & 0o022]
    assert writable == []


def test_the_service_starts_with_the_configuration_of_the_package(unpacked, tmp_path):
    program, config = unpacked / "usr/bin/keyfront", unpacked / "etc/keyfront/keyfront.toml"
    assert run(program, "check-config", "--config", config).stdout.endswith(" is valid\n")
    # As the package has it, but for the places that only an installation has.
    own = tmp_path / "keyfront.toml"
    own.write_text(config.read_text().replace("/var/lib/keyfront", str(tmp_path / "data")))
    answer = run(program, "serve", "--config", own, code=1)
    assert "credential" in answer.stderr


def test_systemd_takes_the_unit(unpacked, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed: the unit was not checked")
    unit = tmp_path / "keyfront.service"
    text = (unpacked / UNIT).read_text()
    # Only an installation has the program and its page where the unit names them.
    text = re.sub(r"^Documentation=.*$", "", text, flags=re.MULTILINE)
    unit.write_text(text.replace("/usr/bin/keyfront", "/bin/true"))
    assert run("systemd-analyze", "verify", "--man=no", unit).stderr == ""
    # The exposure in tenths. A setting that is taken out raises it.
    run("systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", unit)


@pytest.mark.long
def test_lintian_finds_nothing():
    if not shutil.which("lintian"):
        pytest.skip("lintian is not installed: the Debian package was not checked with it")
    assert run("lintian", "--allow-root", "--fail-on", "error,warning", built()).stdout == ""


@pytest.mark.long
def test_the_package_is_the_same_when_it_is_built_again(tmp_path):
    run(sys.executable, SOURCE / "build.py", BINARY, tmp_path, SOURCE_DATE_EPOCH=packages.EPOCH)
    (again,) = tmp_path.glob("*.deb")
    assert again.read_bytes() == built().read_bytes()
