"""How turns went, by person: however often somebody says a thing, they have one voice in it.

A mean over turns would be that of whoever talks most, or of a script that does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ibis.expr.types import Table


def by_person(turns: Table, *keys: str) -> Table:
    """One row for the keys and a person. turns: keys, user, defect_bp.

    Columns: keys, user, defect_bp (mean over that person's turns, whole basis points).
    """
    return turns.group_by(*keys, "user").aggregate(defect_bp=turns.defect_bp.sum() // turns.count())


def one_voice_each(turns: Table, *keys: str) -> Table:
    """One row for the keys: keys, people, defect_bp (mean over people). turns: see `by_person`."""
    person = by_person(turns, *keys)
    return person.group_by(*keys).aggregate(
        people=person.count(), defect_bp=person.defect_bp.sum() // person.count()
    )
