"""Sayso: a self-learning conversational engine for assistants with very many skills.

    import sayso
    skills = sayso.read_skills("home/skills")
    bundle = sayso.train(skills, "home.bundle")
    engine = sayso.load(bundle)
    engine.understand("wake me at six")

The rooms, in the order in which imports may point (a room knows only those above it):

    types  errors  settings  bundle      the nouns; what goes wrong; sayso.toml; a trained folder
    memory  trees  learned               memory given back; trees; versions of what was learnt
    skills  formats  stores              skill files -> Skill -> Label; other people's; the log
    encoders  understanding  routing  dialogue  fulfilment  runtime     what a person says
    events  feedback  rewriting  labels  what the log teaches: conversations, verdicts, lessons
    training  evaluation                 Skills + Labels -> Bundle -> Report
    jobs                                 the loop, from the log to what is learnt
    protocols  server  cli               other people's protocols; the doors
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from sayso.errors import SaysoError as SaysoError
    from sayso.runtime.engine import Engine as Engine
    from sayso.runtime.home import Home as Home
    from sayso.runtime.home import open as open
    from sayso.runtime.load import load as load
    from sayso.skills import read_skills as read_skills
    from sayso.training.train import train as train

# Imported when first asked for: `import sayso` stays cheap for those who need one name.
_PLACES = {
    "Engine": "sayso.runtime.engine",
    "Home": "sayso.runtime.home",
    "SaysoError": "sayso.errors",
    "load": "sayso.runtime.load",
    "open": "sayso.runtime.home",
    "read_skills": "sayso.skills",
    "train": "sayso.training.train",
}
__all__ = ["Engine", "Home", "SaysoError", "load", "open", "read_skills", "train"]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'sayso' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
