"""Keyfront for Python: the program, a server for tests, and clients that reach it.

The fixtures for pytest are in `keyfront.pytest_plugin`, which pytest loads by itself.
"""

from keyfront._binary import find_binary
from keyfront._clients import client
from keyfront._faults import Fault
from keyfront._server import AdminError, Server, StartError

__all__ = ["AdminError", "Fault", "Server", "StartError", "client", "find_binary"]
