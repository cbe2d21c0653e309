"""References within one file (`{"$ref": "#/components/schemas/Pet"}`); nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from sayso.formats.foreign import Node

MOST_HOPS = 16


@dataclass(frozen=True, slots=True)
class Refs:
    """References whose `#` is this node."""

    root: Node

    def follow(self, node: Node) -> Node | None:
        """What a node stands for: itself, or the part that it refers to, maybe through others.

        None, and the reference skipped with its reason, if that lies elsewhere or nowhere.
        """
        for _ in range(MOST_HOPS):
            ref = node.at("$ref")
            if not isinstance(ref.value, str):
                return node
            if not ref.value.startswith("#"):
                ref.skip("a reference to another file; nothing is fetched")
                return None
            found = self._at(ref.value[1:])
            if not found.there:
                ref.skip("a reference to a part that is not there")
                return None
            ref.read("references")
            node = found
        node.skip(f"a reference through more than {MOST_HOPS} others")
        return None

    def _at(self, pointer: str) -> Node:
        node = self.root
        for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
            key = unquote(step).replace("~1", "/").replace("~0", "~")
            is_index = isinstance(node.value, list) and key.isdecimal() and len(key) < 10
            node = node.at(int(key) if is_index else key)
        return node
