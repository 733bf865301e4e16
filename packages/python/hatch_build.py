"""Puts the program into the wheel, and gives the wheel the tag of the systems that can run it.

The program is the file that KEYFRONT_BINARY names. A wheel's tag `manylinux_2_N` promises that it runs where glibc is
2.N or later (PEP 600). What a program needs is written into it: the highest GLIBC version among the symbol versions
that it asks for (section .gnu.version_r). A program without a dynamic linker needs no libc of the host's, so its wheel
has the oldest tags: manylinux_2_17 and musllinux_1_1.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from elf import Program  # noqa: E402

# What pip knows since manylinux2014; no tag is older.
OLDEST = (2, 17)
MACHINES = {"EM_X86_64": "x86_64", "EM_AARCH64": "aarch64"}


class WheelHook(BuildHookInterface[Any]):
    """Called by hatchling before it writes the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        named = os.environ.get("KEYFRONT_BINARY")
        if not named:
            raise ValueError("KEYFRONT_BINARY names no file: build the wheel with build.py")
        build_data["tag"] = f"py3-none-{platform_tag(Path(named))}"
        build_data["pure_python"] = False
        # It goes where pip puts programs, without a Python in front of it.
        build_data["shared_scripts"][named] = "keyfront"


def platform_tag(binary: Path) -> str:
    """The platform tag of a wheel with this program.

    Raises ValueError when the program is not one for Linux on a processor that wheels have a tag for.
    """
    program = Program(binary)
    machine = MACHINES.get(program.machine)
    if machine is None:
        raise ValueError(f"{binary} is for {program.machine}, which has no tag here")
    if program.is_static:
        return f"manylinux_{OLDEST[0]}_{OLDEST[1]}_{machine}.musllinux_1_1_{machine}"
    major, minor = max([OLDEST, *program.glibc])
    return f"manylinux_{major}_{minor}_{machine}"
