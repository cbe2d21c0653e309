"""Libraries that read numbers, dates and times, made to answer as AMAZON.* types do.

Each function imports its library and returns readers by type; ImportError where it is missing.
What a library leaves open is decided in its favour: the longest thing it found counts, whatever
stands around it, and those that know no spelled-out numbers get figures where they found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

# words, now, locale -> value
Reader = Callable[[str, datetime, str], str | None]
Readers = Mapping[str, Reader]

PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
UNSAID = time(3, 33)  # what ovos puts where no time was said
DAY = timedelta(days=1)
_ISO = re.compile(r"\d{4}(-W\d\d(-WE)?|-\d\d(-\d\d)?|-(SP|SU|FA|WI))?|PRESENT_REF")


def recognizers_text() -> Readers:
    """Microsoft's Recognizers-Text."""
    found = import_module("recognizers_date_time").recognize_datetime
    numbers, sequences = import_module("recognizers_number"), import_module("recognizers_sequence")

    def entities_of(words: str, now: datetime, locale: str) -> list[Any]:
        culture = "en-us" if locale == "en-US" else "en-*"
        return list(found(words, culture, reference=now.replace(tzinfo=None)))

    def values(words: str, now: datetime, locale: str) -> list[dict[str, str]]:
        entities = entities_of(words, now, locale)
        best = max(entities, key=lambda entity: len(entity.text), default=None)
        return list(best.resolution["values"]) if best else []

    def day(words: str, now: datetime, locale: str) -> str | None:
        said = [x for x in values(words, now, locale) if "date" in x["type"]]
        return _timex_day(said[-1]) if said else None

    def clock(words: str, now: datetime, locale: str) -> str | None:
        said = [x for x in values(words, now, locale) if "time" in x["type"]]
        if not said:
            return None
        part = re.search(r"T(MO|AF|EV|NI)$", said[0]["timex"])
        return part[1] if part else _clock(said[0].get("value", said[0].get("start", ""))[-8:])

    def length(words: str, now: datetime, locale: str) -> str | None:
        first = [x.resolution["values"][0] for x in entities_of(words, now, locale) if x.resolution]
        said = [float(x["value"]) for x in first if x["type"] == "duration"]
        return _length(timedelta(seconds=sum(said)))

    def number(kind: str) -> Reader:
        recognize = getattr(numbers, f"recognize_{kind}")
        return lambda words, now, locale: _longest(recognize(words, "en-us"))

    def phone(words: str, now: datetime, locale: str) -> str | None:
        return _digits(_longest(sequences.recognize_phone_number(words, "en-us")))

    return {
        "DATE": day,
        "TIME": clock,
        "DURATION": length,
        "NUMBER": number("number"),
        "Ordinal": number("ordinal"),
        "FOUR_DIGIT_NUMBER": _four(number("number")),
        "PhoneNumber": phone,
    }


def ovos() -> Readers:
    """OpenVoiceOS: ovos-date-parser and ovos-number-parser."""
    dates, numbers = import_module("ovos_date_parser"), import_module("ovos_number_parser")

    def moment(words: str, now: datetime, locale: str) -> datetime | None:
        found = dates.extract_datetime(words, locale.lower(), anchorDate=now, default_time=UNSAID)
        return found[0] if found else None

    def day(words: str, now: datetime, locale: str) -> str | None:
        found = moment(words, now, locale)
        return found.date().isoformat() if found else None

    def clock(words: str, now: datetime, locale: str) -> str | None:
        found = moment(words, now, locale)
        return None if found is None or found.time() == UNSAID else _clock(found)

    def length(words: str, now: datetime, locale: str) -> str | None:
        return _length(dates.extract_duration(words, locale.lower())[0])

    def number(words: str, now: datetime, locale: str) -> str | None:
        found = numbers.extract_number(words, locale.lower())
        return None if found is False else f"{found:g}" if found < 1e5 else str(int(found))

    def ordinal(words: str, now: datetime, locale: str) -> str | None:
        found = numbers.extract_number(words, locale.lower(), ordinals=True)
        plain = numbers.extract_number(words, locale.lower(), ordinals=False)
        return None if found is False or found == plain else f"{found:g}"

    return {
        "DATE": day,
        "TIME": clock,
        "DURATION": length,
        "NUMBER": number,
        "Ordinal": ordinal,
        "FOUR_DIGIT_NUMBER": _four(number),
    }


def puckling() -> Readers:
    """Puckling, a port of Duckling; needs Python 3.13."""
    library = import_module("puckling")
    options = library.Options(with_latent=True)

    def entity(kind: str, words: str, now: datetime) -> Any:
        context = library.Context(reference_time=now, locale=library.Locale(library.Lang.EN))
        found = library.parse(words, context, options, dims=(kind,))
        best = max(found, key=lambda one: (len(one.body), not one.latent), default=None)
        return best.value if best else None

    def day(words: str, now: datetime, locale: str) -> str | None:
        value = entity("time", words, now)
        return _duckling_day(value, words, now) if value else None

    def clock(words: str, now: datetime, locale: str) -> str | None:
        value = entity("time", words, now)
        start = value.start_datetime() if value else None
        if start is None:
            return None
        if hasattr(value.primary, "start"):  # an interval: a part of the day
            return next((code for word, code in PARTS.items() if word in words), None)
        grain = value.primary.grain.value
        return _clock(start) if grain in ("hour", "minute", "second") else None

    def length(words: str, now: datetime, locale: str) -> str | None:
        value = entity("duration", words, now)
        return _length(timedelta(seconds=value.normalized.value)) if value else None

    def number(kind: str) -> Reader:
        def read(words: str, now: datetime, locale: str) -> str | None:
            value = entity(kind, words, now)
            return None if value is None else str(value.value)

        return read

    return {
        "DATE": day,
        "TIME": clock,
        "DURATION": length,
        "NUMBER": number("numeral"),
        "Ordinal": number("ordinal"),
        "FOUR_DIGIT_NUMBER": _four(number("numeral")),
        "PhoneNumber": lambda words, now, locale: _digits(number("phone_number")(words, now, "")),
    }


def ctparse() -> Readers:
    """ctparse: dates, times and intervals."""
    parse = import_module("ctparse").ctparse

    def resolution(words: str, now: datetime) -> Any:
        found = parse(words, ts=now.replace(tzinfo=None), timeout=2, latent_time=False)
        return found.resolution if found else None

    def day(words: str, now: datetime, locale: str) -> str | None:
        found = resolution(words, now)
        if type(found).__name__ == "Interval" and found.t_from and found.t_to:
            return _period(found.t_from.dt.date(), found.t_to.dt.date() + DAY)
        if type(found).__name__ != "Time" or not found.year:
            return None
        given = [found.year, found.month, found.day]
        return "-".join(f"{part:02d}" for part in given if part)

    def clock(words: str, now: datetime, locale: str) -> str | None:
        found = resolution(words, now)
        if type(found).__name__ != "Time":
            return None
        if found.hour is None:
            said = found.POD or ""
            return next((code for word, code in PARTS.items() if word in said), None)
        return f"{found.hour:02d}:{found.minute or 0:02d}"

    def length(words: str, now: datetime, locale: str) -> str | None:
        found = resolution(words, now)
        if type(found).__name__ != "Duration":
            return None
        unit = found.unit.value.rstrip("s")
        if unit == "night":
            unit = "day"
        return f"P{'T' if unit in ('hour', 'minute') else ''}{found.value}{unit[0].upper()}"

    return {"DATE": _helped(day), "TIME": _helped(clock), "DURATION": _helped(length)}


def dateparser() -> Readers:
    """dateparser: dates and times on web pages."""
    parser = import_module("dateparser.date").DateDataParser

    def parsed(words: str, now: datetime, locale: str) -> Any:
        settings = {
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "future",
            "RETURN_TIME_AS_PERIOD": True,
            "DATE_ORDER": "MDY" if locale == "en-US" else "DMY",
        }
        return parser(languages=["en"], settings=settings).get_date_data(words)

    def day(words: str, now: datetime, locale: str) -> str | None:
        found = parsed(words, now, locale)
        return _grain(found.date_obj.date(), found.period) if found.date_obj else None

    def clock(words: str, now: datetime, locale: str) -> str | None:
        found = parsed(words, now, locale)
        if found.date_obj is None or found.period not in ("time", "part_of_day"):
            return None
        part = getattr(found, "part_of_day", None)
        return PARTS.get(part.value) if part else _clock(found.date_obj)

    return {"DATE": _helped(day), "TIME": _helped(clock)}


def parsedatetime() -> Readers:
    """parsedatetime: dates and times in sentences."""
    library = import_module("parsedatetime")
    calendar = library.Calendar(version=library.VERSION_CONTEXT_STYLE)

    def day(words: str, now: datetime, locale: str) -> str | None:
        found, context = calendar.parseDT(words, sourceTime=now.replace(tzinfo=None))
        if not context.hasDate:
            return None
        accuracy = str(context)
        grains = [unit for unit in ("YEAR", "MONTH", "WEEK", "DAY") if f"ACU_{unit}" in accuracy]
        return _grain(found.date(), grains[-1].lower() if grains else "day")

    def clock(words: str, now: datetime, locale: str) -> str | None:
        found, context = calendar.parseDT(words, sourceTime=now.replace(tzinfo=None))
        if "ACU_HALFDAY" in str(context):
            return next((code for word, code in PARTS.items() if word in words), None)
        return _clock(found) if context.hasTime else None

    return {"DATE": _helped(day), "TIME": _helped(clock)}


def text2num() -> Readers:
    """text2num: spelled-out numbers as figures."""
    figures = import_module("text_to_num").alpha2digit

    def number(words: str, now: datetime, locale: str) -> str | None:
        found = re.search(r"[+-]?\d+(\.\d+)?", figures(words, "en", 0))
        return found[0] if found else None

    def ordinal(words: str, now: datetime, locale: str) -> str | None:
        found = re.search(r"(\d+)(st|nd|rd|th)\b", figures(words, "en", 0))
        return found[1] if found else None

    def digits(words: str, now: datetime, locale: str) -> str | None:
        return _digits(figures(words, "en", 0))

    return {
        "NUMBER": number,
        "Ordinal": ordinal,
        "FOUR_DIGIT_NUMBER": _four(digits),
        "PhoneNumber": digits,
    }


def phonenumbers() -> Readers:
    """phonenumbers: Google's libphonenumber."""
    library = import_module("phonenumbers")

    def phone(words: str, now: datetime, locale: str) -> str | None:
        region = locale.split("-")[1]
        found = library.PhoneNumberMatcher(words, region, leniency=library.Leniency.POSSIBLE)
        return next((_digits(match.raw_string) for match in found), None)

    return {"PhoneNumber": _helped(phone)}


LIBRARIES: Mapping[str, Callable[[], Readers]] = {
    "recognizers-text-suite": recognizers_text,
    "puckling": puckling,
    "ovos-date-parser, ovos-number-parser": ovos,
    "ctparse": ctparse,
    "dateparser": dateparser,
    "parsedatetime": parsedatetime,
    "text2num": text2num,
    "phonenumbers": phonenumbers,
}


def _helped(read: Reader) -> Reader:
    """Reads again, numbers in figures, where nothing was found."""
    try:
        figures = import_module("text_to_num").alpha2digit
    except ImportError:
        return read

    def again(words: str, now: datetime, locale: str) -> str | None:
        return read(words, now, locale) or read(figures(words, "en", 0), now, locale)

    return again


def _longest(entities: list[Any]) -> str | None:
    best = max(entities, key=lambda entity: len(entity.text), default=None)
    return best.resolution["value"] if best else None


def _four(read: Reader) -> Reader:
    def four(words: str, now: datetime, locale: str) -> str | None:
        found = read(words, now, locale)
        return found if found and re.fullmatch(r"\d{4}", found) else None

    return four


def _digits(text: str | None) -> str | None:
    found = re.sub(r"[^\d+]", "", text or "")
    return found or None


def _clock(when: datetime | str) -> str | None:
    text = when if isinstance(when, str) else f"{when:%H:%M:%S}"
    return text.removesuffix(":00") if len(text) == 8 else text or None


def _length(found: timedelta | None) -> str | None:
    return f"PT{Decimal(str(found.total_seconds())):f}S" if found else None


def _grain(day: date, grain: str) -> str:
    year, week, _ = day.isocalendar()
    forms = {"week": f"{year}-W{week:02d}", "month": f"{day:%Y-%m}", "year": f"{day:%Y}"}
    return forms.get(grain, day.isoformat())


def _timex_day(value: dict[str, str]) -> str | None:
    if _ISO.fullmatch(value["timex"]):
        return value["timex"]
    if "start" in value and "end" in value and value["type"] == "daterange":
        return _period(date.fromisoformat(value["start"]), date.fromisoformat(value["end"]))
    day = value.get("value", value.get("start", ""))[:10]
    return day if _ISO.fullmatch(day) else None


def _duckling_day(value: Any, words: str, now: datetime) -> str | None:
    start, end = value.start_datetime(), value.end_datetime()
    if "now" in words.split():
        return "PRESENT_REF"
    if start is None:
        return None
    start = start.astimezone(now.tzinfo)
    season = next((code for name, code in SEASONS.items() if name in words), None)
    if season:
        return f"{start.year}-{season}"
    if not hasattr(value.primary, "start"):
        return _grain(start.date(), value.primary.grain.value)
    return _period(start.date(), end.astimezone(now.tzinfo).date()) if end else None


def _period(first: date, end: date) -> str:
    """A day, weekend, week, month, quarter, year or decade, up to but without `end`."""
    days = (end - first).days
    if days in (2, 3) and first.weekday() in (4, 5):
        return f"{_grain(first, 'week')}-WE"
    if days == 7 and first.weekday() == 0:
        return _grain(first, "week")
    if first.day == 1 and 28 <= days <= 31:
        return _grain(first, "month")
    if first.day == 1 and 90 <= days <= 92:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if days in (365, 366):
        return _grain(first, "year")
    return f"{first.year // 10}X" if days in (3652, 3653) else first.isoformat()
