"""What a program for Linux needs of the system that runs it, as its file says."""

from __future__ import annotations

from pathlib import Path

from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection


class Program:
    """A program's machine, libraries and versions of their symbols.

    Raises ValueError when the file is not a program for Linux.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            try:
                elf = ELFFile(file)
            except Exception as error:
                raise ValueError(f"{path} is not a program for Linux: {error}") from error
            #: The machine as ELF names it, such as EM_X86_64.
            self.machine = str(elf["e_machine"])
            #: Whether it needs nothing of the system but the kernel.
            self.is_static = not any(segment["p_type"] == "PT_INTERP" for segment in elf.iter_segments())
            #: The libraries that it is linked with, such as libc.so.6.
            self.libraries = [
                str(getattr(tag, "needed"))
                for section in elf.iter_sections()
                if isinstance(section, DynamicSection)
                for tag in section.iter_tags("DT_NEEDED")
            ]
            names = [
                str(version.name)
                for section in elf.iter_sections()
                if isinstance(section, GNUVerNeedSection)
                for _library, versions in section.iter_versions()
                for version in versions
            ]
        #: The versions of glibc whose symbols it asks for, such as (2, 34).
        self.glibc = sorted(_number(name) for name in names if name.startswith("GLIBC_") and name[6].isdigit())


def _number(name: str) -> tuple[int, int]:
    major, minor, *_patch = name.removeprefix("GLIBC_").split(".")
    return int(major), int(minor)
