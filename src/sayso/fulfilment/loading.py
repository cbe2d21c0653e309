"""A skill's Python code, loaded so that two skills with a `handler.py` each never meet.

While a skill's code runs, its folder is first on `sys.path`, its own modules are in `sys.modules`
and it is the working directory, as on Lambda; afterwards path and modules are put back.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from sayso.errors import FulfilmentError

Stamp = tuple[int, int]


@dataclass(eq=False)
class Code:
    """The loaded code of a skill.

    root: folder its modules are imported from. path: its `sys.path`. own: its modules by name.
    siblings: names that its root may be imported by. stamps: its files, as they were when loaded.
    """

    root: str
    path: list[str]
    siblings: frozenset[str]
    own: dict[str, ModuleType] = field(default_factory=dict)
    stamps: dict[str, Stamp | None] = field(default_factory=dict)
    call: Callable[..., Any] = print

    def changed(self) -> bool:
        """Whether a file that was loaded has been edited, replaced or removed."""
        return any(_stamp(file) != stamp for file, stamp in self.stamps.items())


def load(folder: str, handler: str) -> Code:
    """The callable that `module:callable` names, such as `handler:handle`.

    The module may lie deeper: in `lambda/py/function:run` the part before the last slash is the
    folder that its imports start from. Raises FulfilmentError where there is no such callable, and
    whatever the code raises while it is imported.
    """
    root, module, name = _locate(folder, handler)
    names = {entry.name.partition(".")[0] for entry in os.scandir(root)}
    path = list(dict.fromkeys([root, os.path.realpath(folder), *sys.path]))
    code = Code(root, path, frozenset(names - sys.stdlib_module_names))
    importlib.invalidate_caches()
    with inside(code):
        found = getattr(importlib.import_module(module), name, None)
    if not callable(found):
        raise FulfilmentError(f"{handler}: {module}.py has no callable {name}; define it there")
    code.call = found
    return code


def _locate(folder: str, handler: str) -> tuple[str, str, str]:
    """Root folder, module and callable of a handler's name."""
    base = Path(folder).resolve()
    place, colon, name = handler.partition(":")
    under, _, module = place.rpartition("/")
    root = (base / under).resolve()
    module = module.removesuffix(".py")
    if not colon or not name.isidentifier() or not module:
        raise FulfilmentError(f'handler "{handler}": write it as module:callable')
    if not root.is_relative_to(base) or not root.is_dir():
        raise FulfilmentError(f'handler "{handler}": no such folder in {base}')
    file = root.joinpath(*module.split("."))
    if not file.with_suffix(".py").is_file() and not (file / "__init__.py").is_file():
        raise FulfilmentError(f'handler "{handler}": no file {file.with_suffix(".py")}')
    return str(root), module, name


@contextmanager
def inside(code: Code) -> Iterator[None]:
    """Run what is inside with the skill's modules, import path and working directory."""
    path, modules = list(sys.path), len(sys.modules)
    hidden = _hide(code.siblings)
    sys.modules.update(code.own)
    before = modules - len(hidden) + len(code.own)
    sys.path[:] = code.path
    os.chdir(code.root)
    try:
        yield
    finally:
        code.path = list(sys.path)
        sys.path[:] = path
        if len(sys.modules) != before:
            _adopt(code)
        for name in code.own:
            sys.modules.pop(name, None)
        sys.modules.update(hidden)


def _hide(names: frozenset[str]) -> Mapping[str, ModuleType]:
    """Take other modules of these names, and what lies below them, out of `sys.modules`."""
    taken = {name for name in names if name in sys.modules}
    if not taken:
        return {}
    below = [name for name in sys.modules if name.partition(".")[0] in taken]
    return {name: sys.modules.pop(name) for name in below}


def _adopt(code: Code) -> None:
    """Note which modules are the skill's own, and the state of their files."""
    inner = code.root + os.sep
    for name, module in list(sys.modules.items()):
        if name in code.own:
            continue
        space = getattr(module, "__dict__", {})  # not getattr: lazy modules import on touch
        file = space.get("__file__")
        places = [file] if file else list(space.get("__path__") or ())
        if any(isinstance(place, str) and place.startswith(inner) for place in places):
            code.own[name] = module
            if file:
                code.stamps[file] = _stamp(file)


def _stamp(file: str) -> Stamp | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
