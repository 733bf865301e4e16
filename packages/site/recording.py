"""Records a first session in a terminal: python recording.py BINARY FILE.cast

asciinema (from PyPI) records; this script is the person who types. The commands run as they stand in `SESSION`, in an
empty folder, beside a server of the recording's own. Typing is slow enough to read along.
`asciinema play FILE.cast` shows it, and so does the page of the site.
"""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SESSION = (
    "echo '{\"/old\": \"/new\", \"/sale\": \"/summer\"}' > redirects.json",
    "keyfront kvs create redirects --file redirects.json",
    "keyfront kvs ls redirects",
    "keyfront fn init site",
    "keyfront fn test site",
    "keyfront fn create site site/function.js --kvs redirects && keyfront fn publish site",
    "keyfront fn list",
)
COLUMNS, ROWS = 100, 24
# Seconds between two keys, and before the next command.
KEY, PAUSE = 0.02, 0.8


def record(binary, file):
    """Records the session into a file. Raises CalledProcessError where a command of it fails."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "bin").mkdir()
        (folder / "bin/keyfront").symlink_to(binary)
        (folder / "work").mkdir()
        listen = ("--listen", "127.0.0.1:0", "--no-edge")
        command = [str(binary), "dev", "--ephemeral", *listen]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                endpoint = server.stdout.readline().split()[1]
                environment = {
                    "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
                    "LANG": "C.UTF-8",
                    "TERM": "xterm-256color",
                    "HOME": temporary,
                    "ASCIINEMA_CONFIG_HOME": temporary,
                    "KEYFRONT_ENDPOINT": endpoint,
                }
                typing = shlex.join([sys.executable, str(Path(__file__).resolve()), "--type"])
                words = ["rec", "--quiet", "--overwrite", "--cols", str(COLUMNS), "--rows", str(ROWS), "--env", "TERM"]
                words += ["--command", f"{typing} || touch {shlex.quote(str(folder / 'failed'))}", str(file.resolve())]
                command = [sys.executable, "-m", "asciinema", *words]
                subprocess.run(command, cwd=folder / "work", env=environment, check=True)
            finally:
                server.terminate()
        if (folder / "failed").exists():
            raise RuntimeError(f"a command of the recording failed:\n{file.read_text()}")


def type_session():
    """Types each command and runs it."""
    for command in SESSION:
        print("\x1b[1;32m$\x1b[0m ", end="", flush=True)
        for key in command:
            time.sleep(KEY)
            print(key, end="", flush=True)
        print(flush=True)
        subprocess.run(["bash", "-c", command], check=True)
        time.sleep(PAUSE)


if __name__ == "__main__":
    if sys.argv[1:] == ["--type"]:
        type_session()
    elif len(sys.argv) == 3:
        record(Path(sys.argv[1]).resolve(), Path(sys.argv[2]))
    else:
        sys.exit(__doc__)
