"""Names of languages, as folders and files of other systems bear them -> locales of ours."""

from __future__ import annotations

from sayso.formats.names import locale


def locale_of(code: str) -> str | None:
    """The locale that a folder or file is named for; None if it is none."""
    found = locale(code)
    # Three letters alone name no language's file of ours (`map.yaml`); 001 is the world.
    return f"{found}-001" if found and len(found) == 3 else found
