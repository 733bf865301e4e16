"""Builds the documents as a site: python build.py BINARY OUT [PLAYER]

It needs zensical and asciinema; PLAYER is the folder of the package asciinema-player, as npm installs what
player/package.json names. Without it the recording is there as a file alone. The pages are those of docs/, the README
as the start page, and what stands at the root and in the packages; the pages of the reference are made from what the
program prints, and the gallery from examples/functions. A link that leads to no page is shown as its text, and one to a
page that is missing fails the build.
"""

import json
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import gallery
import recording
import reference

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
AT_ROOT = ("ARCHITECTURE.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md")
PACKAGES = ("packages/python/README.md", "packages/npm/keyfront/README.md", "packages/testcontainers/README.md")
# A fenced block, a picture, a link or a word of code, whichever begins first: what looks like a link in code is none.
PART = re.compile(
    r"^```.*?^```$|(?P<picture>!)?\[(?P<shown>[^\]]+)\]\((?P<target>[^)#:\s]+)(?P<fragment>#[^)\s]*)?\)|`[^`\n]+`",
    re.MULTILINE | re.DOTALL,
)
PICTURES = ROOT / "docs/pictures"


def sources():
    """The pages by their place on the site, with the file that each is made of."""
    found = {"index.md": "README.md"}
    found |= {name: name for name in (*AT_ROOT, *PACKAGES)}
    for file in sorted((ROOT / "docs").rglob("*.md")):
        found[str(file.relative_to(ROOT / "docs"))] = str(file.relative_to(ROOT))
    return found


def relinked(text, place, source, places):
    """The text of a page, with links as the site has them."""

    def link(match):
        shown, target, fragment = match["shown"], match["target"], match["fragment"] or ""
        if target is None:
            return match[0]
        file = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if not (ROOT / file).exists():
            raise ValueError(f"{source} leads to {target}, which is not there")
        if file not in places:
            return shown
        where = posixpath.relpath(places[file], posixpath.dirname(place) or ".")
        return f"{match['picture'] or ''}[{shown}]({where}{fragment})"

    return PART.sub(link, text)


def recorded(binary, folder, player):
    """Records a first session, and returns the page that plays it."""
    folder.mkdir(parents=True)
    recording.record(binary, folder / "first-session.cast")
    page = "# A first session, recorded\n\n"
    if player:
        bundle = player / "dist/bundle"
        shutil.copy(bundle / "asciinema-player.min.js", folder / "player.js")
        shutil.copy(bundle / "asciinema-player.css", folder / "player.css")
        text = json.dumps((folder / "first-session.cast").read_text()).replace("</", "<\\/")
        page += (
            '<link rel="stylesheet" href="recording/player.css">\n<div id="recording"></div>\n'
            '<script src="recording/player.js"></script>\n'
            f'<script>AsciinemaPlayer.create({{ data: {text} }}, document.getElementById("recording"), '
            '{ poster: "npt:0:08" });</script>\n\n'
        )
    return page + "It is made with every build of this site; `asciinema play first-session.cast` shows the file.\n"


def build(binary, out, player=None):
    """Builds the site."""
    found = sources()
    places = {source: place for place, source in found.items()}
    places |= {f"docs/pictures/{file.name}": f"pictures/{file.name}" for file in PICTURES.glob("*.svg")}
    places |= gallery.places()
    with tempfile.TemporaryDirectory() as temporary:
        pages = Path(temporary) / "pages"
        for place, source in found.items():
            put(pages / place, relinked((ROOT / source).read_text(), place, source, places))
        made = {**reference.pages(binary), "gallery.md": gallery.page()}
        made["recording.md"] = recorded(binary, pages / "recording", player)
        for place, text in made.items():
            put(pages / place, text)
        shutil.copytree(PICTURES, pages / "pictures", ignore=shutil.ignore_patterns("*.dot"))
        shutil.copy(HERE / "zensical.toml", temporary)
        subprocess.run([sys.executable, "-m", "zensical", "build", "--strict"], cwd=temporary, check=True)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(Path(temporary) / "site", out)


def put(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    build(Path(sys.argv[1]).resolve(), Path(sys.argv[2]), *map(Path, sys.argv[3:]))
