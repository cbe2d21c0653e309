"""What the syntax tree of a reply template tells, without ever running or compiling it.

Jinja2 computes constants while it compiles, `9 ** (9 ** 9)` or `'a' | center(10 ** 9)` included, so
a stranger's template is judged by its tree alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import ChainableUndefined, TemplateError, Undefined, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sayso.errors import FulfilmentError

MAX_TEMPLATE = 4000  # characters of source
VARIABLES = frozenset({"attributes", "device", "locale", "now", "slots", "user"})
_LARGEST = 1000  # number that a filter of a plain template may be given
_MOST_JOINS = 32  # of texts, in a plain template: each may double what a long attribute takes

_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr),
    *(nodes.Getitem, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.Not, nodes.And),
    *(nodes.Or, nodes.Add, nodes.Sub, nodes.Div, nodes.Neg, nodes.Concat, nodes.Filter, nodes.Test),
)
_FILTERS = frozenset(
    {"abs", "capitalize", "count", "d", "default", "first", "float", "int", "last", "length"}
    | {"lower", "round", "string", "title", "trim", "upper"}
)
_TESTS = frozenset({"defined", "even", "none", "number", "odd", "string", "undefined"})
_OTHER_FILES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
_MAYBE = (nodes.If, nodes.CondExpr, nodes.For, nodes.And, nodes.Or, nodes.Test, nodes.Compare)


def _spoken(value: object) -> object:
    """A value as it is put into the text."""
    if isinstance(value, Undefined) and value._undefined_exception is SecurityError:
        raise SecurityError(value._undefined_message)
    if value is None or isinstance(value, Undefined):
        return ""
    if callable(value):
        raise TemplateRuntimeError("a function is no text; call it with ()")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)  # nobody says "twenty point zero"
    return value


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=ChainableUndefined, finalize=_spoken, autoescape=False, cache_size=0
    )
    made.globals = {name: made.globals[name] for name in ("namespace", "range")}
    return made


ENVIRONMENT = _environment()


def parse(source: str) -> nodes.Template:
    """The syntax tree of a template. Raises FulfilmentError saying what is wrong and where."""
    if len(source) > MAX_TEMPLATE:
        raise FulfilmentError(f"{len(source):,} characters; at most {MAX_TEMPLATE:,} are allowed")
    try:
        return ENVIRONMENT.parse(source)
    except TemplateError as error:
        line = getattr(error, "lineno", 1)
        raise FulfilmentError(f"line {line}: {error.message}") from error
    except (RecursionError, ValueError) as error:
        raise FulfilmentError(f"cannot be read: {error}; make it simpler") from error


def is_plain(tree: nodes.Template) -> bool:
    """Whether rendering takes little time and memory whatever the values are."""
    joins = sum(1 for _ in tree.find_all((nodes.Add, nodes.Concat)))
    return joins <= _MOST_JOINS and all(_is_plain(node) for node in tree.find_all(nodes.Node))


def _is_plain(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        given = [*node.args, *(pair.value for pair in node.kwargs)]
        small = node.name in ("default", "d") or all(map(_is_small, given))
        return node.name in _FILTERS and small and not (node.dyn_args or node.dyn_kwargs)
    if isinstance(node, nodes.Test):
        return node.name in _TESTS and not node.args
    return isinstance(node, (*_PLAIN, nodes.Keyword))


def _is_small(node: nodes.Node) -> bool:
    value = node.value if isinstance(node, nodes.Const) else None
    return isinstance(value, str) or (isinstance(value, int) and abs(value) <= _LARGEST)


def spoken_slots(node: nodes.Node) -> Iterator[str]:
    """Slots that are spoken whatever happens: without them the text has a hole."""
    for child in node.iter_child_nodes():
        if isinstance(child, _MAYBE):
            continue
        if isinstance(child, nodes.Filter) and child.name in ("default", "d"):
            continue
        yield from slot_names(child, deep=False)
        yield from spoken_slots(child)


def slot_names(node: nodes.Node, *, deep: bool = True) -> Iterator[str]:
    """Names of slots that a node reads, as `slots.name` or `slots["name"]`."""
    for found in [node, *(node.find_all((nodes.Getattr, nodes.Getitem)) if deep else ())]:
        if not isinstance(found, (nodes.Getattr, nodes.Getitem)):
            continue
        if not isinstance(found.node, nodes.Name) or found.node.name != "slots":
            continue
        if isinstance(found, nodes.Getattr):
            yield found.attr
        elif isinstance(found.arg, nodes.Const):
            yield str(found.arg.value)


def problems(tree: nodes.Template, slots: frozenset[str]) -> list[str]:
    """What is wrong with a template of an intent that has these slots; empty when it is fine."""
    found = [
        f"line {node.lineno}: {what}"
        for node in tree.find_all(nodes.Node)
        for what in _faults(node)
    ]
    strange = sorted(set(slot_names(tree)) - slots)
    found += [f'the intent has no slot "{name}", only: {_listed(slots)}' for name in strange]
    names = list(tree.find_all(nodes.Name))
    bound = {name.name for name in names if name.ctx != "load"} | {"loop", "caller"}
    bound |= {macro.name for macro in tree.find_all(nodes.Macro)} | ENVIRONMENT.globals.keys()
    unknown = sorted({name.name for name in names} - bound - VARIABLES)
    return found + [f'no variable "{name}", only: {_listed(VARIABLES)}' for name in unknown]


def _faults(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, _OTHER_FILES):
        yield "a reply cannot load other templates; write the text here"
    if isinstance(node, nodes.Filter) and node.name not in ENVIRONMENT.filters:
        yield f'no filter "{node.name}"; see Jinja2\'s list of filters'
    if isinstance(node, nodes.Test) and node.name not in ENVIRONMENT.tests:
        yield f'no test "{node.name}"; see Jinja2\'s list of tests'


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"
