"""What a tool may do harm with, by its name and by the hints of whoever wrote it."""

from __future__ import annotations

from sayso.formats.foreign import Node

_READING = frozenset(
    "analyze ask browse calculate check compare compute convert count describe echo explain fetch "
    "find geocode get list look lookup ping query read resolve retrieve search show summarize "
    "translate validate view what".split()
)
_GRAVE = frozenset(
    "buy cancel charge clear delete destroy drop erase execute format kill order pay publish "
    "purge purchase refund remove reset revoke run sell send terminate transfer uninstall unlock "
    "wipe".split()
)


def harm(hints: Node, name: str) -> tuple[bool, bool]:
    """Whether doing it by mistake costs dearly, and whether it takes a yes.

    hints: `annotations` of the tool; they are whoever wrote the server's. Those that ask for care
    are followed, those that promise harmlessness only where the tool's name does not say
    otherwise. name: the tool's, as words.
    """
    parts = name.lower().split()
    reads = bool(parts) and parts[0] in _READING
    grave = not reads and not _GRAVE.isdisjoint(parts)
    hints.at("idempotentHint").skip("nothing is repeated anyway")
    hints.at("openWorldHint").skip("nothing follows from it")
    destructive, read_only = hints.at("destructiveHint"), hints.at("readOnlyHint")
    if destructive.value is True:
        destructive.map("asks for a yes")
        read_only.skip("contradicts the other hint")
        return True, True
    destructive.skip("a promise that is not relied on")
    if read_only.value is True and grave:
        read_only.skip("not believed: the tool's name says otherwise")
    elif read_only.value is True:
        read_only.map("no side effects")
        return False, False
    else:
        read_only.map("side effects")
    return read_only.value is False or not reads, grave
