"""Skill files of any supported format -> `Skill`; samples x catalogues -> `Label`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.skills.alexa import export_alexa as export_alexa
    from sayso.skills.alexa import import_model as import_model
    from sayso.skills.document import from_json as from_json
    from sayso.skills.folders import read_skill as read_skill
    from sayso.skills.folders import read_skills as read_skills
    from sayso.skills.folders import write_skill as write_skill
    from sayso.skills.package import import_alexa as import_alexa
    from sayso.skills.written import from_checked as from_checked
    from sayso.skills.written import to_json as to_json
    from sayso.skills.written import version as version

# Imported when first asked for: who wants one noun's reader need not pay for all of them.
_PLACES = {
    "export_alexa": "alexa",
    "from_checked": "written",
    "from_json": "document",
    "import_alexa": "package",
    "import_model": "alexa",
    "read_skill": "folders",
    "read_skills": "folders",
    "to_json": "written",
    "version": "written",
    "write_skill": "folders",
}
__all__ = [
    "export_alexa",
    "from_checked",
    "from_json",
    "import_alexa",
    "import_model",
    "read_skill",
    "read_skills",
    "to_json",
    "version",
    "write_skill",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'sayso.skills' has no attribute {name!r}")
    return getattr(import_module(f"sayso.skills.{_PLACES[name]}"), name)
