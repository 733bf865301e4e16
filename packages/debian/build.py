"""Builds the Debian package: python build.py BINARY OUT

It needs dpkg-deb and pyelftools, and no network. Two builds of the same program with the same SOURCE_DATE_EPOCH are the
same to the byte. On which versions of the C library the package depends is read from the program.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import time
from email.utils import formatdate
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
from elf import Program  # noqa: E402
from project import REPOSITORY, VERSION  # noqa: E402

ARCHITECTURES = {"EM_X86_64": "amd64", "EM_AARCH64": "arm64"}
# The Debian package of each library, and the version since which it has what Rust's standard library asks for.
LIBRARIES = {
    "libc.so.6": "libc6",
    "libm.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "ld-linux-x86-64.so.2": "libc6",
    "libgcc_s.so.1": "libgcc-s1 (>= 4.2)",
}
MAINTAINER = "The Keyfront authors <keyfront@localhost.invalid>"
SCRIPTS = ("postinst", "prerm", "postrm")
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/keyfront",
    "zsh": "usr/share/zsh/vendor-completions/_keyfront",
    "fish": "usr/share/fish/vendor_completions.d/keyfront.fish",
}

CONTROL = """\
Package: keyfront
Version: {version}
Section: web
Priority: optional
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
{homepage}Description: CloudFront's KeyValueStore and functions on your own machine
 Keyfront speaks the wire protocols of CloudFront, so that the AWS SDKs, the
 AWS CLI and Terraform work against it unmodified. It keeps key value stores,
 functions, keys and distributions, runs functions with CloudFront's library
 and limits, and verifies signed URLs.
 .
 It is for tests without an AWS account, and for production as a service.
"""

COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: keyfront

Files: *
Copyright: 2026 The Keyfront authors
License: Apache-2.0
 On Debian systems the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.
Comment:
{notice}
"""

CHANGELOG = """\
keyfront ({version}) unstable; urgency=medium

  * What changed is in /usr/share/doc/keyfront/CHANGELOG.md.gz.

 -- {maintainer}  {date}
"""


def depends(program):
    """What the package depends on."""
    packages = {LIBRARIES[library] for library in program.libraries}
    if "libc6" in packages:
        packages.remove("libc6")
        packages.add("libc6 (>= {}.{})".format(*program.glibc[-1]))
    return ", ".join(["adduser", *sorted(packages)])


def build(binary, out):
    """Builds the package and returns its path."""
    program = Program(binary)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    architecture = ARCHITECTURES[program.machine]
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "root"
        lay_out(root, binary.resolve(), VERSION, epoch)
        size = sum(file.stat().st_size for file in root.rglob("*") if file.is_file()) // 1024
        control = root / "DEBIAN"
        control.mkdir()
        fields = {"version": VERSION, "architecture": architecture, "maintainer": MAINTAINER, "size": size}
        fields["homepage"] = f"Homepage: {REPOSITORY}\n" if REPOSITORY else ""
        (control / "control").write_text(CONTROL.format(depends=depends(program), **fields))
        (control / "conffiles").write_text("/etc/keyfront/keyfront.toml\n")
        for script in SCRIPTS:
            shutil.copy(HERE / "scripts" / script, control)
        set_modes(root)
        out.mkdir(parents=True, exist_ok=True)
        package = out / f"keyfront_{VERSION}_{architecture}.deb"
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", str(root), str(package)]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        return package


def lay_out(root, binary, version, epoch):
    """Puts every file in its place."""
    documents = "usr/share/doc/keyfront"
    put(root, "usr/bin/keyfront", binary.read_bytes())
    put(root, "usr/lib/systemd/system/keyfront.service", (HERE / "keyfront.service").read_bytes())
    put(root, "etc/keyfront/keyfront.toml", (HERE / "keyfront.toml").read_bytes())
    put(root, f"{documents}/README.Debian", (HERE / "README.Debian").read_bytes())
    put(root, f"{documents}/examples/keyfront.example.toml", (ROOT / "keyfront.example.toml").read_bytes())
    notice = "".join(f" {line}\n" if line else " .\n" for line in (ROOT / "NOTICE").read_text().splitlines())
    put(root, f"{documents}/copyright", COPYRIGHT.format(notice=notice.rstrip()).encode())
    put(root, f"{documents}/CHANGELOG.md.gz", compressed((ROOT / "CHANGELOG.md").read_bytes()))
    changes = CHANGELOG.format(version=version, maintainer=MAINTAINER, date=formatdate(epoch))
    put(root, f"{documents}/changelog.gz", compressed(changes.encode()))
    for shell, path in COMPLETIONS.items():
        put(root, path, output(binary, "completions", shell))
    pages = root / "manual"
    pages.mkdir()
    output(binary, "manual", "--out", str(pages))
    for page in sorted(pages.iterdir()):
        put(root, f"usr/share/man/man1/{page.name}.gz", compressed(page.read_bytes()))
    shutil.rmtree(pages)


def put(root, path, content):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def compressed(content):
    return gzip.compress(content, 9, mtime=0)


def output(binary, *arguments):
    return subprocess.run([str(binary), *arguments], check=True, stdout=subprocess.PIPE).stdout


def set_modes(root):
    """Whatever this process's umask is."""
    for file in root.rglob("*"):
        program = file.parent.name == "bin" or file.parent == root / "DEBIAN" and file.name in SCRIPTS
        file.chmod(0o755 if file.is_dir() or program else 0o644)
    root.chmod(0o755)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(build(Path(sys.argv[1]), Path(sys.argv[2])))
