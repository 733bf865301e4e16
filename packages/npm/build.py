"""Builds the packages for npm: python build.py BINARY OUT

It needs npm, and no network. Both packages have the workspace's version, which package.json does not know by itself.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
from project import REPOSITORY, VERSION  # noqa: E402

PLATFORM = "@keyfront/linux-x64"


def pack(name, out, binary=None):
    """Packs a folder with the version and the licence, and the program if there is one."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / name
        shutil.copytree(HERE / name, folder, ignore=shutil.ignore_patterns("node_modules"))
        for file in ("LICENSE", "NOTICE"):
            shutil.copy(ROOT / file, folder)
        manifest = json.loads((folder / "package.json").read_text())
        manifest["version"] = VERSION
        if REPOSITORY:
            manifest["repository"] = REPOSITORY
        if "optionalDependencies" in manifest:
            manifest["optionalDependencies"][PLATFORM] = VERSION
        (folder / "package.json").write_text(json.dumps(manifest, indent=2) + "\n")
        if binary:
            (folder / "bin").mkdir()
            program = Path(shutil.copy(binary, folder / "bin/keyfront"))
            program.chmod(0o755)
        command = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(out.resolve())]
        packed = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True)
        return out / packed.stdout.split()[-1]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    destination = Path(sys.argv[2])
    destination.mkdir(parents=True, exist_ok=True)
    print(pack("linux-x64", destination, Path(sys.argv[1])))
    print(pack("keyfront", destination))
