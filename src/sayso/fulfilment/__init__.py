"""The skill's own part: reply templates, Python workers, HTTPS in Alexa's protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.fulfilment.backends import Backends as Backends

__all__ = ["Backends"]


def __getattr__(name: str) -> Any:
    """`Backends`, imported when first asked for: a worker process passes here and needs none."""
    if name == "Backends":
        from sayso.fulfilment.backends import Backends

        return Backends
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
