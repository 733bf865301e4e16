"""Faults: requests that fail or are slow, for as long as a `with` block lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keyfront._server import Server


def rule(operation: str, fault: str | None = None, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """A rule as the admin address takes it.

    `operation` is an operation's name with the fault and its settings apart (`PutKey`, `throttle`, `{"count": 2}`),
    or a whole rule as `keyfront fault add` takes it (`PutKey=throttle,count=2`).
    """
    given = dict(settings or {})
    if "=" in operation:
        if fault is not None:
            raise ValueError(f"the fault is in {operation!r} already")
        operation, _, rest = operation.partition("=")
        fault, *more = rest.split(",")
        given = {**dict(_setting(text) for text in more), **given}
    if fault is None:
        raise ValueError(f"which fault shall {operation} have? such as fault({operation!r}, 'throttle', count=2)")
    if fault.startswith("error="):
        fault, given["error"] = "error", fault.removeprefix("error=")
    return {"Operation": operation, "Fault": fault, **{name.capitalize(): value for name, value in given.items()}}


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"a setting is NAME=VALUE, and not {text!r}")
    for kind in (int, float):
        try:
            # An account is a number of twelve digits and stays a text.
            return name, value if name == "account" else kind(value)
        except ValueError:
            continue
    return name, value


class Fault:
    """A rule that a server has. It can be used after the `with` block too, which removes it."""

    def __init__(self, server: Server, answer: dict[str, Any]) -> None:
        self._server = server
        self._last = answer
        self._removed = False
        self.id: int = answer["Id"]
        self.rule: str = answer["Rule"]

    @property
    def hits(self) -> int:
        """How many requests it has affected. One that has a count and is used up has affected all of them."""
        if not self._removed:
            for current in self._server.request("GET", "/faults"):
                if current["Id"] == self.id:
                    self._last = current
                    return int(current["Hits"])
            self._use_up()
        return int(self._last["Hits"])

    @property
    def is_used_up(self) -> bool:
        """Whether it has affected as many requests as its count says, so that the server has forgotten it."""
        count = self._last.get("Count")
        return count is not None and self.hits >= int(count)

    def remove(self) -> None:
        """Removes it. To remove it again does nothing."""
        from keyfront._server import AdminError

        if self._removed:
            return
        try:
            self._last = self._server.request("DELETE", f"/faults/{self.id}")
        except AdminError as error:
            if error.status != 404:
                raise
            self._use_up()
        self._removed = True

    def _use_up(self) -> None:
        """The server does not list it: it was used up, or all faults were removed."""
        if "Count" in self._last:
            self._last = {**self._last, "Hits": self._last["Count"]}

    def __enter__(self) -> Fault:
        return self

    def __exit__(self, *_error: object) -> None:
        self.remove()

    def __repr__(self) -> str:
        return f"<Fault {self.rule}>"
