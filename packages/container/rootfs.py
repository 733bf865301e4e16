"""Lays out the files of the container: python rootfs.py BINARY FOLDER

The Dockerfile copies FOLDER into an empty image. It holds the program, the shared libraries that it names if it is not
static, the certificates that it trusts when it imports from S3, and an own user's home. It needs pyelftools.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from elf import Program  # noqa: E402

# The user of images without any, as distroless has it.
USER = "keyfront:x:65532:65532:Keyfront:/var/lib/keyfront:/usr/bin/keyfront\n"
GROUP = "keyfront:x:65532:\n"
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


def lay_out(binary, folder):
    """Fills the folder, which is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    put(folder, "usr/bin/keyfront", binary).chmod(0o755)
    if not Program(binary).is_static:
        for library in libraries(binary):
            put(folder, str(library).lstrip("/"), library).chmod(0o755)
    if Path("/", CERTIFICATES).exists():
        put(folder, CERTIFICATES, Path("/", CERTIFICATES))
    (folder / "etc/passwd").write_text(USER)
    (folder / "etc/group").write_text(GROUP)
    put(folder, "etc/keyfront/keyfront.toml", HERE / "keyfront.toml")
    for name, mode in (("var/lib/keyfront", 0o700), ("tmp", 0o1777)):
        (folder / name).mkdir(parents=True)
        (folder / name).chmod(mode)


def libraries(binary):
    """The libraries, where the loader of this machine finds them, and the loader itself."""
    listed = subprocess.run(["ldd", str(binary)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", listed)]


def put(folder, name, source):
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lay_out(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
