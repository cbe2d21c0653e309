"""What a door asks for, checked before a turn begins: nothing is done of a bad request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sayso.errors import RequestError
from sayso.runtime.surroundings import checked
from sayso.types.readings import Alternative
from sayso.types.turns import TurnRequest
from sayso.understanding.heard import clean

MOST_CHARACTERS = 2000  # of an utterance; nobody says more in one breath
MOST_NAME = 200  # characters of a user, conversation, device or key


def check(request: TurnRequest, locales: Sequence[str]) -> TurnRequest:
    """The request with its blanks filled as far as the home can; RequestError names a bad field."""
    if request.silence and (request.text or request.alternatives):
        raise RequestError("was said, though silence was; leave one out", field="text")
    if not (request.text or request.alternatives or request.silence):
        raise RequestError("nothing was said; give text or alternatives", field="text")
    for alternative in alternatives(request):
        if not clean(alternative.text) and not request.silence:
            raise RequestError("holds no words; give what was said", field="text")
        if len(alternative.text) > MOST_CHARACTERS:
            raise RequestError(
                f"is {len(alternative.text)} characters long; at most {MOST_CHARACTERS} are read",
                field="text",
            )
    for name, value in _names(request).items():
        if value is not None:
            check_name(value, name)
    if request.now is not None and request.now.tzinfo is None:
        raise RequestError("has no time zone; write 2026-05-04T07:00:00+02:00", field="now")
    return replace(checked(request), locale=_locale(request.locale, locales))


def check_user(user: str) -> None:
    """Raises RequestError for what may not be the name of a user."""
    check_name(user, "user")


def check_name(value: str, field: str) -> None:
    """Raises RequestError for what may not name a user, a conversation or a device."""
    if not (isinstance(value, str) and 0 < len(value) <= MOST_NAME and value.isprintable()):
        raise RequestError(f"must be 1 to {MOST_NAME} printable characters", field=field)


def _names(request: TurnRequest) -> dict[str, str | None]:
    return {
        "user": request.user,
        "conversation": request.conversation,
        "device.id": request.device.id,
        "device.type": request.device.type,
        "device.place": request.device.place or None,
        "idempotency_key": request.idempotency_key,
    }


def _locale(asked: str | None, locales: Sequence[str]) -> str:
    """The home's locale that serves the one asked for. Raises RequestError if none does."""
    if asked is None or asked in locales:
        return asked or locales[0]
    near = [locale for locale in locales if locale.split("-")[0] == asked.split("-")[0]]
    if not near:
        raise RequestError(
            f'"{asked}" is not spoken here, only {", ".join(locales)}', field="locale"
        )
    return near[0]


def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises RequestError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise RequestError(
            f'"{name}" is no time zone; try Europe/Berlin', field="time_zone"
        ) from None


def alternatives(request: TurnRequest) -> Sequence[Alternative]:
    """What was heard, best first: the recogniser's n-best, or the text alone."""
    return request.alternatives or (Alternative(request.text),)
