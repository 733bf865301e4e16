"""Builds the wheel: python build.py BINARY OUT

It needs hatchling and pyelftools, as [build-system] in pyproject.toml says, and no network. Two builds of the same
program are the same to the byte: file times come from SOURCE_DATE_EPOCH, or are hatchling's own constant.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
from project import REPOSITORY  # noqa: E402


def build(binary: Path, out: Path) -> Path:
    """Builds the wheel with this program and returns its path."""
    with tempfile.TemporaryDirectory() as folder:
        # A copy, as the licence stands in the project's root and a wheel takes files from its own folder alone.
        source = Path(folder) / "packages/python"
        shutil.copytree(HERE, source, ignore=shutil.ignore_patterns("__pycache__", "tests", ".mypy_cache"))
        shutil.copy(ROOT / "Cargo.toml", folder)
        shutil.copy(HERE.parent / "elf.py", source.parent)
        for name in ("LICENSE", "NOTICE"):
            shutil.copy(ROOT / name, source)
        if REPOSITORY:
            with (source / "pyproject.toml").open("a", encoding="utf-8") as manifest:
                manifest.write(f'\n[project.urls]\nRepository = "{REPOSITORY}"\n')
        built = Path(folder) / "dist"
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(built)]
        environment = {**os.environ, "KEYFRONT_BINARY": str(binary.resolve())}
        subprocess.run(command, cwd=source, env=environment, check=True, stdout=subprocess.DEVNULL)
        (wheel,) = built.glob("*.whl")
        out.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(wheel, out))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(build(Path(sys.argv[1]), Path(sys.argv[2])))
