"""The tables as they are today; `migrations` leads an older store here.

A column is `user_id` and not `user`, because `SELECT user` means the database role in PostgreSQL.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from sayso.stores.column_types import Instant, Json, Words

metadata = sa.MetaData()


def _column(name: str, kind: Any, doc: str, *, key: bool = False, null: bool = False) -> Any:
    return sa.Column(name, kind, doc=doc, primary_key=key, nullable=null)


interactions = sa.Table(
    "interactions",
    metadata,
    _column("id", Words, "Given by the runtime.", key=True),
    _column("at", Instant, "When the turn was heard, UTC."),
    _column("user_id", Words, "Who spoke."),
    _column("conversation", Words, "In which conversation of that user."),
    _column("turn", sa.Integer, "Number of the turn in the conversation."),
    _column("locale", Words, "Language of the turn, BCP 47."),
    _column("time_zone", Words, "Of the person, IANA name."),
    _column("device", Json, "What was spoken to: id, type, state, capabilities, place."),
    _column("idempotency_key", Words, "Unique for a user; given by the device.", null=True),
    _column("heard_raw", Words, "What was said, as it came in."),
    _column("heard_text", Words, "The same, cleaned; spans of slots refer to it."),
    _column("heard_alternatives", Json, "The recogniser's n-best, best first."),
    _column("outcome", Words, "`act`, `ask` or `abstain`."),
    _column("skill", Words, "Copied from the chosen reading.", null=True),
    _column("intent", Words, "Copied from the chosen reading.", null=True),
    _column("slots", Json, "Copied from the chosen reading.", null=True),
    _column("confidence", sa.Double, "Copied from the chosen reading.", null=True),
    _column("propensity", sa.Double, "Probability with which the policy decides so here."),
    _column("threshold", sa.Double, "Confidence below which the router does not act."),
    _column("reason", Words, "Why, in one clause."),
    _column("shortlist", Json, "Skills that were read in full: [[id, score], ...]."),
    _column("hypotheses", Json, "All readings, best first."),
    _column("speech", Words, "What the person heard."),
    _column("ssml", Words, "The same with markup.", null=True),
    _column("reprompt", Words, "What is said if no answer comes.", null=True),
    _column("ended", sa.Boolean, "Whether nothing more is awaited."),
    _column("card", Json, "What a screen showed.", null=True),
    _column("timings", Json, "Stage -> milliseconds."),
    _column("failure", Words, "What went wrong, for developers.", null=True),
    _column("bundle_version", Words, "Copied from the trace.", null=True),
    _column("skill_version", Words, "Copied from the trace.", null=True),
    _column("rest", Json, "Every field of the `Interaction` that no other column holds."),
    _column("basis", Words, "What the decision rests on: `words`, `trial`, `session`, ..."),
    _column("device_id", Words, "Copied from the device; NULL in rows of before.", null=True),
    _column("device_type", Words, "Copied from the device; NULL in rows of before.", null=True),
    _column("side_effects", sa.Boolean, "Copied from the chosen reading.", null=True),
    _column("offered", Json, "The first reading offered, where Sayso asked which.", null=True),
    _column("said", Words, "Copied from the rewriting: what was heard, cleaned.", null=True),
    _column("rewrite", Words, "Copied from the rewriting: its id.", null=True),
    _column("arm", Words, "Copied from the rewriting: what was done with it.", null=True),
    _column("asked", sa.Boolean, "Whether the reply asks if it was right.", null=True),
    sa.Index("interactions_by_user", "user_id", "at"),
    sa.Index("interactions_by_conversation", "conversation", "turn"),
    sa.Index("interactions_by_skill", "skill", "at"),
    sa.Index("interactions_by_time", "at"),
    sa.Index("interactions_out_of_the_blue", "at", "outcome", "basis", "skill"),  # partial
    # The last guard against a turn that is acted upon twice.
    sa.Index("interactions_once", "user_id", "idempotency_key", unique=True),
)

conversations = sa.Table(
    "conversations",
    metadata,
    _column("user_id", Words, "Whose conversation it is.", key=True),
    _column("conversation", Words, "Its id; two users may use the same one.", key=True),
    _column("context", Json, "The `Context` that the next turn begins with.", null=True),
    _column("version", sa.Integer, "Number of turns finished."),
    _column("updated_at", Instant, "When a turn last began or finished."),
    _column("lease", Words, "Token of the turn that is running.", null=True),
    _column("lease_until", Instant, "When that turn counts as dead.", null=True),
    _column("turn", sa.Integer, "Number of turns, where the context was forgotten.", null=True),
)

claims = sa.Table(
    "claims",
    metadata,
    _column("user_id", Words, "Who spoke.", key=True),
    _column("idempotency_key", Words, "Of a turn that has begun and not finished.", key=True),
    _column("lease", Words, "Token of that turn."),
    _column("until", Instant, "When that turn counts as dead; the claim stays."),
)

announcements = sa.Table(
    "announcements",
    metadata,
    _column("user_id", Words, "Who will hear it.", key=True),
    _column("skill", Words, "Who says it.", key=True),
    _column("key", Words, "Chosen by the skill; a later one replaces an earlier one.", key=True),
    _column("device", Words, "Where it was asked for."),
    _column("speech", Words, "What will be said."),
    _column("due", Instant, "When."),
    _column("created_at", Instant, "When it was asked for."),
    sa.Index("announcements_by_due", "due"),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column(
        "id", sa.BigInteger, doc="In the order of ringing.", primary_key=True, autoincrement=False
    ),
    _column("user_id", Words, "Who hears it."),
    _column("device", Words, "Where it was asked for."),
    _column("skill", Words, "Who says it."),
    _column("key", Words, "Key of the announcement that rang."),
    _column("speech", Words, "What is said."),
    _column("due", Instant, "When it was due."),
    _column("rung_at", Instant, "When it rang."),
    sa.Index("events_by_user", "user_id", "id"),
)

counters = sa.Table(
    "counters",
    metadata,
    _column("name", Words, "`events` alone.", key=True),
    _column("value", sa.BigInteger, "Last id given."),
)

people = sa.Table(
    "people",
    metadata,
    _column("user_id", Words, "Who has chosen something.", key=True),
    _column("neutral", sa.Boolean, "Whether they are ranked for as anybody is."),
)

enabled = sa.Table(
    "enabled",
    metadata,
    _column("user_id", Words, "Who has chosen the skill.", key=True),
    _column("skill", Words, "Its id.", key=True),
    _column("enabled_at", Instant, "Since when."),
    _column("enabled_by", Words, "`person`, or `admin` for them."),
    sa.Index("enabled_by_skill", "skill"),
)

uses = sa.Table(
    "uses",
    metadata,
    _column("user_id", Words, "Whose habit it is.", key=True),
    _column("skill", Words, "Id of the skill used.", key=True),
    _column("use", Json, "The `Use`: turns, latest of them, by hour, by device, after what."),
    _column("strength", sa.Double, "Orders the uses of a person; the weakest is forgotten first."),
    sa.Index("uses_by_skill", "skill"),
)

trials = sa.Table(
    "trials",
    metadata,
    _column("skill", Words, "A skill that was installed while the home served.", key=True),
    _column("since", Instant, "When."),
    _column("approved_at", Instant, "When it was approved.", null=True),
    _column("approved_by", Words, "By whom.", null=True),
)

signals = sa.Table(
    "signals",
    metadata,
    _column("user_id", Words, "Who spoke.", key=True),
    _column("conversation", Words, "In which conversation of that user.", key=True),
    _column("turn", sa.Integer, "Number of the turn that the signal tells of.", key=True),
    _column("kind", Words, "`barge_in`, `played`, `helpful` or `undone`.", key=True),
    _column("value", sa.Double, "Milliseconds, seconds, or 1 and 0: see the kinds."),
    _column("at", Instant, "When the client says that it was; never after it was received."),
    _column("received_at", Instant, "When it came in, by the server's clock."),
)

undone = sa.Table(
    "undone",
    metadata,
    _column("user_id", Words, "For whom it is not to be rewritten so again.", key=True),
    _column("said", Words, "What was heard, cleaned.", key=True),
    _column("meant", Words, "What it had been rewritten to.", key=True),
    _column("at", Instant, "When this was last taken back."),
)

votes = sa.Table(
    "votes",
    metadata,
    _column(
        "kind",
        Words,
        "What is voted for: `rewrite`, `label` (a text) or `form` (of several).",
        key=True,
    ),
    _column("item", sa.BigInteger, "Id of the text that was learnt.", key=True),
    _column("voter", sa.BigInteger, "Pseudonym of who said so.", key=True),
    _column("at", Instant, "When it was counted."),
    sa.Index("votes_by_voter", "voter"),
)

migrations = sa.Table(
    "migrations",
    metadata,
    _column("name", Words, "A function in `stores/migrations.py`.", key=True),
    _column("applied_at", Instant, "When it was applied."),
)
