"""Machines with a network of their own between them, whose links a test can cut.

Each machine is a network namespace of Linux with one address; the tests reach all of them through a bridge. A link that
is cut loses packets and says nothing, as a broken switch does: no connection is refused or closed. Everything is gone when
the tests end, however they end, because the namespaces live as long as a process that reads from the tests.
"""

import itertools
import os
import shutil
import subprocess

# What no machine answers to.
UNUSED = "02:00:00:00:00:01"
_numbers = itertools.count()


def missing():
    """Why there can be no such network here, or None."""
    if absent := [name for name in ("ip", "unshare", "nsenter") if not shutil.which(name)]:
        return f"{' and '.join(absent)} is not installed"
    try:
        Network(1).close()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no network namespace can be made, which takes root: {error}"
    return None


def run(*command):
    subprocess.run([*map(str, command)], check=True, capture_output=True, timeout=20)


class Namespace:
    """A network namespace. `within` begins a command that runs there, as the same process."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["unshare", "--net", "sh", "-c", "echo; read _"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        if not self.process.stdout.readline():
            self.close()
            raise OSError("unshare --net fails")
        self.within = ("nsenter", f"--net=/proc/{self.process.pid}/ns/net")
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *command):
        run(*self.within, *command)

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=20)


class Machine(Namespace):
    def __init__(self, address):
        super().__init__()
        self.address = address

    def loses(self, other):
        """What this machine sends to another one does not arrive any more."""
        self.run("ip", "neigh", "replace", other.address, "lladdr", UNUSED, "nud", "permanent", "dev", "eth0")

    def finds(self, other):
        self.run("ip", "neigh", "del", other.address, "dev", "eth0")


class Network:
    """As many machines, and a bridge between them that the tests are connected to."""

    def __init__(self, count):
        number = next(_numbers)
        self.machines, self.cuts = [], set()
        self.hub = Namespace()
        try:
            # 198.18.0.0/15 is for tests of networks (RFC 2544); each process and each network in it has its own part.
            part = f"198.{18 + number % 2}.{os.getpid() % 250}"
            outside = f"kf{os.getpid() % 100000}-{number}"
            self.hub.run("ip", "link", "add", "bridge", "type", "bridge")
            self.hub.run("ip", "link", "set", "bridge", "up")
            self.connect(outside)
            run("ip", "address", "add", f"{part}.254/24", "dev", outside)
            run("ip", "link", "set", outside, "up")
            for place in range(1, count + 1):
                machine = Machine(f"{part}.{place}")
                self.machines.append(machine)
                # The end for the machine is made here and moves there, where it is its only interface.
                self.connect(f"{outside}-{place}")
                run("ip", "link", "set", f"{outside}-{place}", "name", "eth0", "netns", machine.process.pid)
                machine.run("ip", "address", "add", f"{machine.address}/24", "dev", "eth0")
                machine.run("ip", "link", "set", "eth0", "up")
        except BaseException:
            self.close()
            raise

    def connect(self, name):
        """Makes an interface whose other end is at the bridge."""
        run("ip", "link", "add", name, "type", "veth", "peer", "name", "port", "netns", self.hub.process.pid)
        port = f"p{name[2:]}"
        self.hub.run("ip", "link", "set", "port", "name", port, "master", "bridge")
        self.hub.run("ip", "link", "set", port, "up")

    def cut(self, sender, receiver):
        """Cuts a link in one direction."""
        sender.loses(receiver)
        self.cuts.add((sender, receiver))

    def cut_off(self, machine, others=None):
        """Cuts a machine off from the others, in both directions. The tests go on reaching all of them."""
        for other in others or [other for other in self.machines if other is not machine]:
            self.cut(machine, other)
            self.cut(other, machine)

    def heal(self):
        while self.cuts:
            sender, receiver = self.cuts.pop()
            sender.finds(receiver)

    def close(self):
        for namespace in (*self.machines, self.hub):
            namespace.close()
