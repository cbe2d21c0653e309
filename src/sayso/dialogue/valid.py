"""Is a value one that the skill can do something with? `valid` of its slot, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sayso.skills.rules import length
from sayso.types.readings import ResolutionStatus, SlotValue
from sayso.types.skills import Check, Rule, Slot
from sayso.understanding.fold import fold

_Comparable = float | str


def broken(slot: Slot, value: SlotValue, now: datetime) -> Rule | None:
    """The first rule of the slot that its value breaks, or None. now: aware."""
    return next((rule for rule in slot.valid if not _holds(rule, value, now)), None)


def _holds(rule: Rule, value: SlotValue, now: datetime) -> bool:
    said = {fold(value.value), fold(value.normalised or value.value)}
    listed = {fold(each) for each in rule.values}
    if rule.check is Check.KNOWN:
        return value.status is ResolutionStatus.MATCHED
    if rule.check is Check.ONE_OF:
        return not said.isdisjoint(listed)
    if rule.check is Check.NONE_OF:
        return said.isdisjoint(listed)
    if rule.check in (Check.WITHIN, Check.NOT_WITHIN):
        inside = _inside(value.normalised or value.value, rule.values, now)
        return inside is not None and inside is (rule.check is Check.WITHIN)
    return _compared(rule, value)


def _compared(rule: Rule, value: SlotValue) -> bool:
    """A number, time or date against a limit. What cannot be compared is not right."""
    mine, limit = _same_kind(value.normalised or value.value, rule.values[0])
    if mine is None or limit is None:
        return False
    # Both are numbers, or both ISO 8601 of one length: they are ordered as they are spelled.
    if rule.check is Check.AT_LEAST:
        return mine >= limit  # type: ignore[operator]
    if rule.check is Check.AT_MOST:
        return mine <= limit  # type: ignore[operator]
    if rule.check is Check.MORE_THAN:
        return mine > limit  # type: ignore[operator]
    return mine < limit  # type: ignore[operator]


def _same_kind(value: str, limit: str) -> tuple[_Comparable | None, _Comparable | None]:
    """Both as numbers, as durations in seconds, or as dates or times; None for what is neither."""
    try:
        return float(value), float(limit)
    except ValueError:
        pass
    mine, theirs = length(value), length(limit)
    if mine is not None and theirs is not None:
        return mine.total_seconds(), theirs.total_seconds()
    days = _days(value), _days(limit)
    if days[0] is not None and days[1] is not None:
        return days[0][0].isoformat(), days[1][0].isoformat()
    hours = _hour(value), _hour(limit)
    if hours[0] is not None and hours[1] is not None:
        return hours[0].isoformat(), hours[1].isoformat()
    return None, None


def _inside(value: str, span: Sequence[str], now: datetime) -> bool | None:
    """Whether a day (or some of those that a week is) or a time of day lies in the span.

    None for what is neither. Spans in whole days are of whole days: today is within P0D.
    """
    since, to = (length(each) or timedelta() for each in span)
    hour = _hour(value)
    if hour is not None:
        at = datetime.combine(now.date(), hour, now.tzinfo)
        return now + since <= at <= now + to
    days = _days(value)
    if days is None:
        return None
    try:
        return days[1] >= (now + since).date() and days[0] <= (now + to).date()
    except OverflowError:
        return None


def _hour(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if ":" in text else None
    except ValueError:
        return None


def _days(text: str) -> tuple[date, date] | None:
    """First and last day of a date as Alexa writes it: of a day, week, weekend, month or year."""
    try:
        if "-W" in text:
            year, week = text.split("-W")[0], text.split("-W")[1][:2]
            first = date.fromisocalendar(int(year), int(week), 6 if text.endswith("-WE") else 1)
            return first, date.fromisocalendar(int(year), int(week), 7)
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 3:
            day = date(parts[0], parts[1], parts[2])
            return day, day
        if len(parts) == 2:
            following = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
            return date(parts[0], parts[1], 1), following - timedelta(days=1)
        return (date(parts[0], 1, 1), date(parts[0], 12, 31)) if parts[0] > 1000 else None
    except (ValueError, IndexError, TypeError):
        return None
