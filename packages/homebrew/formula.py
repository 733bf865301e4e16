"""Writes the formula for Homebrew: python formula.py FOLDER [URL] > keyfront.rb

FOLDER holds the archives of a release, of one platform or of more, and URL is where they are fetched from. Without it
they are fetched from the release of the repository, whose address the workspace's manifest has.
"""

import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from project import DESCRIPTION, LICENSE, REPOSITORY, VERSION  # noqa: E402

TARGETS = {
    ("macos", "arm"): "aarch64-apple-darwin",
    ("macos", "intel"): "x86_64-apple-darwin",
    ("linux", "arm"): "aarch64-unknown-linux-gnu",
    ("linux", "intel"): "x86_64-unknown-linux-gnu",
}

# The program writes its completions and manual pages itself, so that an archive needs nothing but the program.
FORMULA = """\
class Keyfront < Formula
  desc "{description}"
{homepage}  version "{version}"
  license "{license}"

{platforms}
  def install
    bin.install "keyfront"
    generate_completions_from_executable(bin/"keyfront", "completions", shells: [:bash, :zsh, :fish])
    man1.mkpath
    system bin/"keyfront", "manual", "--out", man1
  end

  test do
    (testpath/"function.js").write "function handler(event) {{ return event.request; }}"
    assert_match "request GET /a", shell_output("#{{bin}}/keyfront fn run function.js --request 'GET /a'")
  end
end
"""


def formula(folder, url):
    """The text of the formula. Raises ValueError where the folder has no archive of this version."""
    systems = {}
    for (system, processor), target in TARGETS.items():
        archive = folder / f"keyfront-{VERSION}-{target}.tar.gz"
        if archive.exists():
            digest = hashlib.sha256(archive.read_bytes()).hexdigest()
            systems.setdefault(system, []).append(
                f'    on_{processor} do\n      url "{url}/{archive.name}"\n      sha256 "{digest}"\n    end\n'
            )
    if not systems:
        raise ValueError(f"{folder} has no archive of version {VERSION}")
    return FORMULA.format(
        description=DESCRIPTION,
        homepage=f'  homepage "{REPOSITORY}"\n' if REPOSITORY else "",
        version=VERSION,
        license=LICENSE,
        platforms="\n".join(f"  on_{system} do\n{''.join(blocks)}  end\n" for system, blocks in systems.items()),
    )


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if len(sys.argv) == 2 and not REPOSITORY:
        sys.exit("the workspace's manifest names no repository, so say where the archives are fetched from")
    where = sys.argv[2] if len(sys.argv) == 3 else f"{REPOSITORY}/releases/download/v{VERSION}"
    print(formula(Path(sys.argv[1]), where), end="")
