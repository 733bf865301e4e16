"""Makes every artifact of a release of a program: python dist.py BINARY OUT [STATIC]

In OUT there are afterwards an archive of the program with its pages and completions, the wheel, the packages for npm,
the Debian package where dpkg-deb is, the root of the container as an archive, the formula for Homebrew if the
repository has an address, a list of what the program is made of (CycloneDX), and SHA256SUMS. STATIC is the same program
with its C library in it: it gets an archive of its own, and is what the container has. With SOURCE_DATE_EPOCH the same
programs give the same bytes. `cargo xtask dist` builds the programs and calls this.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
from elf import Program  # noqa: E402
from project import REPOSITORY, VERSION  # noqa: E402

TARGETS = {"EM_X86_64": "x86_64-unknown-linux-gnu", "EM_AARCH64": "aarch64-unknown-linux-gnu"}


def dist(binary, out, static=None):
    """Makes the artifacts and says which ones there are. Raises ValueError where STATIC needs a library."""
    if static and not Program(static).is_static:
        raise ValueError(f"{static} needs libraries: {', '.join(Program(static).libraries)}")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    target = TARGETS[Program(binary).machine]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        archive(program_folder(binary, folder / f"keyfront-{VERSION}-{target}"), out)
        if static:
            name = target.replace("-gnu", "-static")
            archive(program_folder(static, folder / f"keyfront-{VERSION}-{name}"), out)
        script("container/rootfs.py", static or binary, folder / f"keyfront-{VERSION}-container")
        archive(folder / f"keyfront-{VERSION}-container", out)
    builders = ["python/build.py", "npm/build.py"]
    if shutil.which("dpkg-deb"):
        builders.append("debian/build.py")
    else:
        print("dpkg-deb is not installed: there is no Debian package", file=sys.stderr)
    # Most of the time goes into compressing the same program again.
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda builder: script(builder, binary, out), builders))
    if REPOSITORY:
        (out / "keyfront.rb").write_text(script("homebrew/formula.py", out))
    materials = json.dumps(bill_of_materials(target), indent=1)
    (out / f"keyfront-{VERSION}-{target}.cdx.json").write_text(materials + "\n")
    sums = [(hashlib.sha256(file.read_bytes()).hexdigest(), file) for file in sorted(out.iterdir())]
    (out / "SHA256SUMS").write_text("".join(f"{digest}  {file.name}\n" for digest, file in sums))
    for _digest, file in sums:
        print(f"{file.stat().st_size / 1e6:8.1f} MB  {file.name}")


def script(name, *arguments):
    """Runs one of the scripts and returns what it printed."""
    command = [sys.executable, str(HERE / name), *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def program_folder(binary, folder):
    """The program, and what an installation by hand has beside it."""
    (folder / "man").mkdir(parents=True)
    (folder / "completions").mkdir()
    shutil.copy(binary, folder / "keyfront")
    for name in ("LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "keyfront.example.toml"):
        shutil.copy(ROOT / name, folder)
    # What the README shows.
    (folder / "docs/pictures").mkdir(parents=True)
    shutil.copy(ROOT / "docs/pictures/whole.svg", folder / "docs/pictures")
    subprocess.run([str(binary), "manual", "--out", str(folder / "man")], check=True, stdout=subprocess.DEVNULL)
    for shell in ("bash", "zsh", "fish", "powershell", "elvish"):
        with (folder / "completions" / f"keyfront.{shell}").open("wb") as file:
            subprocess.run([str(binary), "completions", shell], check=True, stdout=file)
    return folder


def archive(folder, out):
    """A compressed archive whose bytes depend on the files alone."""
    packed = io.BytesIO()
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))

    def plain(entry):
        entry.uid = entry.gid = 65532 if entry.name.endswith("var/lib/keyfront") else 0
        entry.uname = entry.gname = ""
        entry.mtime = epoch
        return entry

    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.add(folder, arcname=folder.name, filter=plain)
    (out / f"{folder.name}.tar.gz").write_bytes(gzip.compress(packed.getvalue(), 6, mtime=epoch))


def bill_of_materials(target):
    """The crates that the program is made of, in the form of CycloneDX."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    known = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    nodes = {node["id"]: node for node in known["resolve"]["nodes"]}
    packages = {package["id"]: package for package in known["packages"]}
    (own,) = (package["id"] for package in known["packages"] if package["name"] == "keyfront")
    edges = {}
    waiting = [own]
    while waiting:
        current = waiting.pop()
        if current in edges:
            continue
        # What tests and build scripts alone depend on is not in the program.
        edges[current] = [
            dependency["pkg"]
            for dependency in nodes[current]["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
        ]
        waiting += edges[current]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(packages[own])},
        "components": sorted((component(packages[i]) for i in edges if i != own), key=lambda each: each["bom-ref"]),
        "dependencies": sorted(
            ({"ref": ref(packages[i]), "dependsOn": sorted(ref(packages[j]) for j in edges[i])} for i in edges),
            key=lambda each: each["ref"],
        ),
    }


def component(package):
    """A crate."""
    described = {
        "type": "application" if package["name"] == "keyfront" else "library",
        "bom-ref": ref(package),
        "name": package["name"],
        "version": package["version"],
        "purl": ref(package),
    }
    if package["license"]:
        # Older crates write a slash where SPDX has OR.
        described["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    return described


def ref(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    dist(Path(sys.argv[1]).resolve(), Path(sys.argv[2]), *(Path(file).resolve() for file in sys.argv[3:]))
