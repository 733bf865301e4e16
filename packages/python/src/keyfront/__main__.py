"""`python -m keyfront` is `keyfront`."""

import os
import sys

from keyfront import find_binary

if __name__ == "__main__":
    program = str(find_binary())
    os.execv(program, [program, *sys.argv[1:]])
