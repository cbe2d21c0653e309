"""What a value has to be: `valid` of a slot in a skill file <-> `Rule`.

valid: known                               # a rule may be its name alone, or the only one
valid:
  - at_most: 12
    say: No table seats {people}. For how many people?
  - within: {from: P0D, to: P60D}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sayso.types.skills import Check, Rule

RANGE = (Check.WITHIN, Check.NOT_WITHIN)
LISTS = (Check.ONE_OF, Check.NONE_OF)
_LENGTH = re.compile(
    r"(-)?P(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?"
)


def build_rule(doc: Mapping[str, Any]) -> Rule:
    """A rule of a document that was checked."""
    check = next(each for each in Check if doc.get(each) is not None)
    return Rule(check, _values(check, doc[check]), tuple(doc.get("say", ())))


def write_rule(rule: Rule) -> dict[str, Any]:
    """The rule as it stands in a document."""
    values: Any = True
    if rule.check in RANGE:
        values = {"from": rule.values[0], "to": rule.values[1]}
    elif rule.check in LISTS:
        values = list(rule.values)
    elif rule.values:
        values = rule.values[0]
    return {rule.check.value: values, **({"say": list(rule.say)} if rule.say else {})}


def length(text: str) -> timedelta | None:
    """An ISO 8601 duration, with a sign if it lies before; None for what is none.

    A year counts 365 days and a month 30: rules are about how far ahead, not about calendars.
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]):
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(x or 0) for x in found.groups()[1:])
    whole = timedelta(
        days=365 * years + 30 * months + 7 * weeks + days,
        hours=hours,
        minutes=minutes,
        seconds=seconds,
    )
    return -whole if found[1] else whole


def _values(check: Check, node: Any) -> tuple[str, ...]:
    if check is Check.KNOWN:
        return ()
    if check in RANGE:
        return (str(node["from"]), str(node["to"]))
    return tuple(map(str, node)) if isinstance(node, list | tuple) else (str(node),)
