"""Where the program is."""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path


def find_binary() -> Path:
    """The path of `keyfront`.

    It is the file that KEYFRONT_BIN names if that is set, else the program that was installed with this package, else
    one on PATH. Raises FileNotFoundError when there is none.
    """
    named = os.environ.get("KEYFRONT_BIN")
    if named:
        if not Path(named).is_file():
            raise FileNotFoundError(f"KEYFRONT_BIN names {named}, which is not a file")
        return Path(named)
    for folder in _folders():
        program = folder / "keyfront"
        if program.is_file():
            return program
    found = shutil.which("keyfront")
    if found:
        return Path(found)
    raise FileNotFoundError(
        "the program keyfront was not found: the wheel has it for Linux alone; elsewhere install it with cargo, or "
        "name it in KEYFRONT_BIN"
    )


def _folders() -> list[Path]:
    """Where pip puts programs: in an environment, with --user, and with --target."""
    schemes = [sysconfig.get_path("scripts")]
    user = sysconfig.get_preferred_scheme("user")
    if user in sysconfig.get_scheme_names():
        schemes.append(sysconfig.get_path("scripts", scheme=user))
    target = Path(__file__).resolve().parents[1] / "bin"
    return [*map(Path, schemes), target]
