"""Personal data, taken out of what people said before anything is learnt from it.

A pattern for each kind, tried in order; what one finds is replaced by its name in angle brackets,
which no spoken word has. To take out too much costs a text that few would have shared anyway; to
leave something in costs more, so when in doubt it goes: any seven digits in a row that are not a
date, whatever they are. Names are not found here; a text that few people say is left out later.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from sayso.understanding.fold import fold

MASKS = ("<email>", "<account>", "<secret>", "<number>", "<address>")
_MASK = re.compile("(" + "|".join(MASKS) + ")")

# Digits as words, as recognisers write them one by one; 0 to 9 with their other names.
_DIGIT_WORDS = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple"
    "|null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
    "|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
    "|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf"
    "|due|tre|quattro|cinque|sei|sette|otto|nove|dois|três|quatro|sete|oito"
)
_DIGIT = rf"(?:\d+|\b(?:{_DIGIT_WORDS})\b)"
_SAID = rf"(?:\b(?:{_DIGIT_WORDS})\b)"
_GUARDED = (
    r"pin(?:[ -]?(?:code|number|nummer))?|pass ?(?:word|code|phrase)|access code|door code"
    r"|alarm code|security code|entry code|unlock code|cvv|cvc|social security(?: number)?|ssn"
    r"|account number|card number|passport(?: number)?"
    r"|passwort|kennwort|geheimzahl|geheimnummer|kontonummer|kartennummer|türcode|zugangscode"
    r"|contraseña|clave|código(?: de acceso)?|número de (?:cuenta|tarjeta)"
    r"|mot de passe|code (?:secret|d'accès)|numéro de (?:compte|carte)"
    r"|parola d'ordine|codice(?: segreto)?|senha|palavra-passe"
)
_IS = r"(?:\s+(?:is|ist|lautet|es|est|è|é|to|auf|as|was)\b|\s*[:=]\s*\"?)"
_STREET = (
    r"street|st|avenue|ave|road|rd|lane|boulevard|blvd|terrace|crescent|highway|parkway|square"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_LONG = re.compile(r"(?<![\w<])\+?\(?\d(?:[ ().,/\u00a0_\-–]{0,3}\d){6,}")


def _long_number(found: re.Match[str]) -> str:
    """A run of seven digits or more goes, unless all of it is a date."""
    return found.group() if _DATE.fullmatch(found.group().strip()) else "<number>"


_PATTERNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), mask)
    for pattern, mask in (
        (r"[^\s@<>]+@[^\s@<>]*[^\s@<>,.;:!?)]", "<email>"),
        # As it is spoken: "anna dot berg at example dot com".
        (
            r"\b\w+(?:\s+(?:dot|punkt|punto|point|underscore|dash)\s+\w+)*\s+(?:at|arroba|chez)"
            r"\s+\w+(?:\s+(?:dot|punkt|punto|point)\s+\w+)+",
            "<email>",
        ),
        (r"\b[a-z]{2}\d{2}(?:[ \-]?[a-z0-9]{4}){2,7}(?:[ \-]?[a-z0-9]{1,3})?\b", "<account>"),
        # After such a word and "is", all to the end of the clause; without "is", digits only.
        (rf"(?<=\b)({_GUARDED}){_IS}\s*(?:[^,.;<>\"]|[,.;](?=\w))+", r"\1 <secret>"),
        (rf"\b({_GUARDED})\"?\W{{1,4}}{_DIGIT}(?:[ \-]*{_DIGIT})*", r"\1 <secret>"),
        (_LONG.pattern, _long_number),
        (rf"{_SAID}(?:[ \-]+{_DIGIT}){{6,}}", "<number>"),
        (r"\b\d{1,5}[a-z]?\s+(?:[^\W\d]+\s+){1,3}(?:" + _STREET + r")\b\.?", "<address>"),
        (
            r"\b[^\W\d]+(?:straße|strasse|str\.|gasse|allee)\s+\d{1,4}\s?[a-z]?\b"
            r"|\b[^\W\d]+(?:weg|platz)\s+\d{1,4}[a-z]?\b",
            "<address>",
        ),
        (
            r"\b\d{1,4},?\s+(?:rue|avenue|boulevard)\s+(?:[^\W\d]+\s?){1,4}"
            r"|\b(?:calle|avenida|via|piazza|plaza|rua)\s+(?:[^\W\d]+\s+){1,4}\d{1,4}\b",
            "<address>",
        ),
    )
)
# Nothing is found in a text without any of these: most texts are done with one look.
_SUSPICIOUS = re.compile(rf"\d|@|\bdot\b|\bpunkt\b|\bpunto\b|{_GUARDED}|{_SAID}", re.IGNORECASE)


def scrub(text: str) -> str:
    """The text with personal data replaced by MASKS; the same text if there is none."""
    if not _SUSPICIOUS.search(text):
        return text
    for pattern, mask in _PATTERNS:
        text = pattern.sub(mask, text)
    return text


def words_of(text: str) -> str:
    """A scrubbed text folded for comparing; masks stay as they are."""
    if "<" not in text:
        return fold(text)
    return " ".join(
        folded for part in _MASK.split(text) if (folded := part if part in MASKS else fold(part))
    )


def is_private(text: str) -> bool:
    """Whether something was taken out of a scrubbed text."""
    return "<" in text and _MASK.search(text) is not None


def text_id(language: str, words: str) -> int:
    """The number of a text, the same in all runs and on all engines: 63 bits of a hash."""
    digest = hashlib.blake2b(f"{language}\0{words}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def scrub_slots(slots: str) -> str:
    """Slots as JSON, their values scrubbed; what is no JSON object is scrubbed as a text."""
    try:
        values = json.loads(slots)
    except ValueError:
        return scrub(slots)
    if not isinstance(values, dict):
        return scrub(slots)
    clean = {name: _scrub_value(str(name), value) for name, value in values.items()}
    if clean == values:
        return slots
    return json.dumps(clean, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _scrub_value(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _scrub_value(str(key), each) for key, each in value.items()}
    if isinstance(value, list):
        return [_scrub_value(name, each) for each in value]
    if isinstance(value, bool) or value is None:
        return value
    text = str(value)
    # A slot's name may tell what its value does not: {"pin": "1234"}.
    spoken = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]", " ", name)
    if re.search(rf"\b(?:{_GUARDED})\b", spoken, re.IGNORECASE):
        return "<secret>"
    clean = scrub(text)
    return value if clean == text else clean
