"""Adapt rules and handlers of a skill, from the syntax tree of its Python, which is never run.

@intent_handler(IntentBuilder("Lamp").require("On").optionally("Room").one_of("Soft", "Bright"))
@intent_handler("dim.intent")
self.register_intent(IntentBuilder("").require("Off").build(), self.handle_off)
self.register_intent_file("glow.intent", self.handle_glow)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_HANDLERS = ("intent_handler", "intent_file_handler")
_REGISTER = ("register_intent", "register_intent_file")
_DEEPEST = 100  # calls in a chain


@dataclass(frozen=True, slots=True)
class Words:
    """What a rule asks for. how: `require`, `optionally`, `one_of` or `exclude`."""

    how: str
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Handler:
    """A rule, or the use of an .intent file, and what its code says.

    intent: name of the rule, or of the file without `.intent`. file: whether it is one. says: names
    of the dialogs that the handler speaks, by literals in its body. line: in the Python file.
    """

    intent: str
    line: int
    words: Sequence[Words] = ()
    file: bool = False
    says: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """What is kept of it, and counted."""
        words = [{"how": each.how, "names": list(each.names)} for each in self.words]
        told = {"intent": self.intent, "line": self.line, "file": self.file}
        return {**told, "words": words, "says": list(self.says)}


def read_handlers(source: str) -> list[Handler]:
    """In the order of the file.

    Raises ValueError for what is no Python 3. A rule whose words are computed is not among them.
    """
    try:
        tree = ast.parse(source)
        return list(_handlers(tree))
    except SyntaxError as error:
        raise ValueError(f"line {error.lineno or 1}: no Python 3 ({error.msg})") from None
    except (RecursionError, MemoryError, ValueError):
        raise ValueError("no Python that can be read") from None


def _handlers(tree: ast.Module) -> Iterator[Handler]:
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    bodies: Mapping[str, ast.AST] = {function.name: function for function in functions}
    found: list[Handler] = []
    for function in functions:
        for each in function.decorator_list:
            if isinstance(each, ast.Call) and _name(each.func) in _HANDLERS and each.args:
                found += _handler(each.args[0], function.name, function)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _REGISTER and node.args:
            code = _name(node.args[1]) if len(node.args) > 1 else ""
            found += _handler(_assigned(node.args[0], tree), code, bodies.get(code))
    yield from sorted(found, key=lambda handler: handler.line)


def _handler(node: ast.AST, code: str, body: ast.AST | None) -> Iterator[Handler]:
    says = tuple(dict.fromkeys(_says(body))) if body else ()
    line = getattr(node, "lineno", 1)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Handler(node.value.removesuffix(".intent"), line, file=True, says=says)
        return
    chain = _chain(node)
    if chain is not None:
        name, words = chain
        yield Handler(name or code, line, words, says=says)


def _chain(node: ast.AST) -> tuple[str, tuple[Words, ...]] | None:
    """The name and the words of `IntentBuilder(name).require(...)...`; None if it is none."""
    words: list[Words] = []
    for _ in range(_DEEPEST):
        if not isinstance(node, ast.Call):
            return None
        if _name(node.func) in ("IntentBuilder", "Intent"):
            name = node.args[0] if node.args else None
            text = name.value if isinstance(name, ast.Constant) else ""
            return (text if isinstance(text, str) else "", tuple(reversed(words)))
        if not isinstance(node.func, ast.Attribute):
            return None
        how, node_args = node.func.attr, node.args
        if how in ("require", "optionally", "one_of", "exclude"):
            given = node_args if how == "one_of" else node_args[:1]
            names = [arg.value for arg in given if isinstance(arg, ast.Constant)]
            texts = [name for name in names if isinstance(name, str)]
            if not texts or len(texts) < len(given):
                return None  # its words are computed: only running it would tell
            words.append(Words(how, tuple(texts)))
        node = node.func.value
    return None


def _assigned(node: ast.AST, tree: ast.Module) -> ast.AST:
    """What a plain variable was last given, else the node itself."""
    if not isinstance(node, ast.Name):
        return node
    given = [
        each.value
        for each in ast.walk(tree)
        if isinstance(each, ast.Assign)
        and any(isinstance(x, ast.Name) and x.id == node.id for x in each.targets)
        and each.lineno <= node.lineno
    ]
    return max(given, key=lambda value: value.lineno, default=node)


def _says(body: ast.AST) -> Iterator[str]:
    for node in ast.walk(body):
        spoken = isinstance(node, ast.Call) and _name(node.func) == "speak_dialog"
        if spoken and isinstance(node, ast.Call) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value.removesuffix(".dialog")


def _name(node: ast.AST) -> str:
    """The last name of `name` or `something.name`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
