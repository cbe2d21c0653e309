"""An `Interaction` to its row and back, without loss.

A value lies in a column of its own or in the column `rest`, which takes every other field: one that
a noun is given later needs no change here and no migration. What is called a copy in `tables` is
for who asks the table in SQL, and is not read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sayso.stores.codec import damaged, fields_of, read
from sayso.types.readings import Decision
from sayso.types.turns import Interaction

# Column -> where its value lies in an Interaction. A value lies in its column or in `rest`.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "at": ("at",),
    "user_id": ("user",),
    "conversation": ("conversation",),
    "turn": ("turn",),
    "locale": ("locale",),
    "time_zone": ("time_zone",),
    "device": ("request", "device"),
    "idempotency_key": ("request", "idempotency_key"),
    "heard_raw": ("utterance", "raw"),
    "heard_text": ("utterance", "text"),
    "heard_alternatives": ("utterance", "alternatives"),
    "outcome": ("decision", "outcome"),
    "propensity": ("decision", "propensity"),
    "threshold": ("decision", "threshold"),
    "reason": ("decision", "reason"),
    "shortlist": ("decision", "shortlist"),
    "hypotheses": ("decision", "hypotheses"),
    "basis": ("decision", "basis"),
    "speech": ("reply", "speech"),
    "ssml": ("reply", "ssml"),
    "reprompt": ("reply", "reprompt"),
    "ended": ("reply", "ended"),
    "card": ("reply", "card"),
    "timings": ("reply", "trace", "timings"),
    "failure": ("reply", "trace", "failure"),
}
_READING = ("skill", "intent", "slots", "confidence")  # columns copied from a reading


def to_row(interaction: Interaction) -> dict[str, Any]:
    """The row of `tables.interactions`, ready to insert."""
    tree = fields_of(interaction)
    for noun in ("request", "utterance", "decision", "reply"):
        tree[noun] = fields_of(tree[noun])
    tree["reply"]["trace"] = fields_of(tree["reply"]["trace"])
    if interaction.reply.decision == interaction.decision:
        del tree["reply"]["decision"]  # the usual case: one decision, stored once
    row: dict[str, Any] = {}
    for column, path in _COLUMNS.items():
        row[column] = _parent(tree, path).pop(path[-1])
    chosen = interaction.decision.chosen
    for column in (*_READING, "side_effects"):
        row[column] = getattr(chosen, column, None)
    rewriting = interaction.utterance.rewriting
    row["asked"] = interaction.reply.trace.asked is not None
    row["rewrite"] = getattr(rewriting, "id", None)
    for column in ("said", "arm"):
        row[column] = getattr(rewriting, column, None)
    versions = interaction.reply.trace.versions
    return row | {
        "bundle_version": versions.get("bundle"),
        "skill_version": versions.get("skill"),
        "device_id": interaction.request.device.id,
        "device_type": interaction.request.device.type,
        "offered": _offered(interaction.decision),
        "rest": tree,
    }


def _offered(decision: Decision) -> dict[str, Any] | None:
    """The first reading that was offered, short; None where there was nothing to choose."""
    if decision.chosen is not None or not decision.options:
        return None
    return {name: getattr(decision.options[0], name) for name in (*_READING, "side_effects")}


def from_row(row: Any) -> Interaction:
    """The Interaction that `to_row` was given; `at` in UTC. Raises StoreError if damaged.

    row: a mapping from every column to its value, as the database gives it.
    """
    tree = row["rest"]
    try:
        for column, path in _COLUMNS.items():
            _parent(tree, path)[path[-1]] = row[column]
        once = "decision" not in tree["reply"]
    except (KeyError, TypeError) as error:
        raise damaged(Interaction, error) from error
    interaction = read(Interaction, tree)
    if not once:
        return interaction
    return replace(interaction, reply=replace(interaction.reply, decision=interaction.decision))


def _parent(tree: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    for name in path[:-1]:
        tree = tree[name]
    return tree
