"""Two people at one device, even under one conversation's id: neither answers for the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sayso.runtime.home import Home
from sayso.types.context import Device

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
KITCHEN = Device("kitchen", "speaker")


@pytest.mark.parametrize("conversation", [None, "the-one-of-the-kitchen"])
def test_a_question_to_one_is_not_answered_by_the_other(
    home: Home, conversation: str | None
) -> None:
    def say(text: str, user: str) -> str:
        return home.turn(text, user=user, conversation=conversation, device=KITCHEN, now=NOW).speech

    assert say("unlock the front door", "ana") == "Shall I really unlock the door?"
    assert say("yes", "ben") != "The door is unlocked."
    assert say("boil my egg", "ben") == "For how long?"
    assert say("three minutes", "ana") != "Boiling for PT3M."


def test_what_one_left_open_is_handed_out_with_their_own_alone(home: Home) -> None:
    home.turn("boil my egg", user="ana", device=KITCHEN, now=NOW)
    home.turn("unlock the front door", user="ben", device=KITCHEN, now=NOW)
    [hers] = home.store.rows_of("ana")["conversations"]
    assert hers["context"]["awaiting"]["slot"] == "length"
    [his] = home.store.rows_of("ben")["conversations"]
    assert his["context"]["awaiting"]["asked"] == "confirm"
    home.store.delete_rows_of("ana")
    assert home.store.context("ana", "ana@kitchen") is None
    assert home.store.context("ben", "ben@kitchen") is not None


def test_what_was_left_open_yesterday_is_forgotten_by_itself(home: Home) -> None:
    home.turn("boil my egg", user="ana", device=KITCHEN)
    home.store.forget_old(
        datetime.now(UTC) + timedelta(days=2), home.settings.store.conversations_for
    )
    home.ring()
    assert home.store.context("ana", "ana@kitchen") is None
    assert home.store.count() == 1
    assert home.turn("three minutes", user="ana", device=KITCHEN).turn == 2
