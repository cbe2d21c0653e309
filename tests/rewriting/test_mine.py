from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from sayso.events.engines import Engine
from sayso.rewriting.candidates import Gates
from sayso.rewriting.mine import Findings, mine
from tests.rewriting.logs import Log, alike, mishears

SAID, MEANT = "play maj and dragons", "play imagine dragons"


def found(engine: Engine, log: Log, gates: Gates | None = None) -> dict[str, str]:
    """said -> what bars it, "" where nothing does."""
    return {each.said: each.barred for each in mined(engine, log, gates).mined}


def mined(engine: Engine, log: Log, gates: Gates | None = None) -> Findings:
    return mine(engine, *log.tables(engine), gates or Gates(), alike)


def test_what_forty_people_say_in_vain_and_then_right_is_rewritten(engine: Engine) -> None:
    log = Log()
    mishears(log)
    (one,) = mined(engine, log).mined
    assert (one.said, one.meant, one.barred) == (SAID, "Play imagine dragons", "")
    assert (one.evidence.users, one.evidence.voters) == (40, 40)
    assert one.evidence.after_low > 0.7
    assert one.evidence.before_high < 0.3


def test_an_empty_log_gives_nothing(engine: Engine) -> None:
    assert mined(engine, Log()).mined == []


def test_in_a_language_of_few_rules_no_rewrite_asks_for_the_opposite(engine: Engine) -> None:
    log = Log(language="de")
    for user in range(40):
        log.said(user, "mach die lampe an", again="mach die lampe aus")
    for user in range(40, 80):
        log.said(user, "mach die lampe aus")
    assert found(engine, log)["mach die lampe an"] == "an/aus would change"


def test_fewer_people_than_the_floor_teach_nothing(engine: Engine) -> None:
    log = Log()
    mishears(log, people=29)
    assert found(engine, log) == {}


def test_a_request_that_mostly_works_is_left_alone(engine: Engine) -> None:
    log = Log()
    mishears(log)
    for user in range(100, 400):
        log.said(user, SAID)
    assert found(engine, log) == {}


def test_a_popular_request_that_ends_well_does_not_absorb_one_that_does_not_lead_to_it(
    engine: Engine,
) -> None:
    log = Log()
    for user in range(60):
        log.said(user, "sing to me", well=False)
    for user in range(500):
        log.said(user, MEANT)
    assert found(engine, log) == {}


def test_what_people_mean_differently_is_not_rewritten(engine: Engine) -> None:
    log = Log()
    for user in range(60):
        log.said(user, "play the dragon", again=(MEANT, "play puff", "play drogon")[user % 3])
    for user in range(60, 120):
        log.said(user, (MEANT, "play puff", "play drogon")[user % 3])
    assert found(engine, log)["play the dragon"] == "people meant different things"


def test_what_people_mean_alike_in_several_words_is_one_meaning(engine: Engine) -> None:
    log = Log()
    pause = ("music", "Pause", "{}")
    ways = ("pause the music", "pause the music", "stop the music", "quiet please")
    for user in range(60):
        log.said(user, "thats music", again=ways[user % 4])
        log.turns[-1].update(skill="music", intent="Pause", slots="{}")
    for user in range(60, 120):
        log.said(user, ways[user % 4], reading=pause)
    (one,) = mined(engine, log).mined
    assert (one.meant, one.barred) == ("Pause the music", "")


def test_a_wording_that_few_say_is_not_looked_up_however_many_mean_the_same(
    engine: Engine,
) -> None:
    log = Log()
    for user in range(60):
        said = f"play maj and dragons song {user // 6}"
        log.said(user, said, again=MEANT, reading=("music", "Play", "maj"))
    for user in range(60, 120):
        log.said(user, MEANT)
    assert found(engine, log) == {}


def test_no_rewrite_leads_into_side_effects(engine: Engine) -> None:
    log = Log()
    for user in range(60):
        log.said(user, "by milk")
        log.verdicts[-1].update(rephrased_by=len(log.turns), rephrased_bp=9000, defect_bp=9500)
        log.said(user, "buy milk", side_effects=True)
    for user in range(60, 200):
        log.said(user, "buy milk", side_effects=True)
    assert found(engine, log) == {"by milk": "it would act with side effects"}


@pytest.mark.parametrize("ring", [50, 500])
def test_a_ring_of_accounts_cannot_teach_stop_to_buy(engine: Engine, ring: int) -> None:
    log = Log()
    for user in range(ring):
        log.said(user, "stop", again="buy gold coins")
    for user in range(1000, 1200):
        log.said(user, "stop")
    assert [said for said, barred in found(engine, log).items() if not barred] == []


@pytest.mark.parametrize("ring", [50, 500])
def test_not_even_where_nobody_else_says_stop(engine: Engine, ring: int) -> None:
    log = Log()
    for user in range(ring):
        log.said(user, "stop", again="buy gold coins")
    assert [said for said, barred in found(engine, log).items() if not barred] == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("turn off the lamp", "turn on the lamp"),
        ("wake me at nine", "wake me at five"),
        ("do not call me", "call me"),
    ],
)
def test_what_was_said_keeps_its_way_its_number_and_its_denial(
    engine: Engine, said: str, meant: str
) -> None:
    log = Log()
    for user in range(60):
        log.said(user, said, again=meant)
    for user in range(60, 120):
        log.said(user, meant)
    assert "would change" in found(engine, log)[said]


def test_a_loop_is_not_rewritten_in_both_directions(engine: Engine) -> None:
    log = Log()
    for user in range(50):
        log.said(user, "play a", again="play b")
        log.said(user + 50, "play b", again="play a")
    assert [said for said, barred in found(engine, log).items() if not barred] == []


def test_what_held_personal_data_is_neither_looked_up_nor_put_into_a_mouth(engine: Engine) -> None:
    for private in (SAID, MEANT):
        log = Log(private={private})
        mishears(log)
        assert found(engine, log) == {}


def test_those_unlike_each_other_need_more_people(engine: Engine) -> None:
    log = Log()
    mishears(log)
    strangers = mine(engine, *log.tables(engine), Gates(), lambda one, other: [0.1 for _ in one])
    assert strangers.mined[0].barred == "unlike what was said"
    few = mine(
        engine,
        *log.tables(engine),
        replace(Gates(), unlike_voters=20),
        lambda one, other: [0.1 for _ in one],
    )
    assert few.mined[0].barred == ""


def window(day: int, days: int, live: list[bool], recorded: bool) -> Log:
    """The log of the latest days; on a day when the rewrite is live nine in ten need not repeat.

    recorded: whether the log says what was rewritten, or only what was read.
    """
    log = Log()
    for then in range(max(0, day - days + 1), day + 1):
        for user in range(60):
            person = then * 1000 + user
            if not live[then]:
                log.said(person, SAID, again=MEANT, day=then)
            elif user % 10 == 0:
                log.said(person, SAID, again=MEANT, day=then, rewrite="r", arm="held_out")
            elif recorded:
                log.said(person, SAID, read=MEANT, day=then, rewrite="r", arm="applied")
            else:
                log.said(person, MEANT, day=then)
        for user in range(60, 120):
            log.said(then * 1000 + user, MEANT, day=then)
    return log


def history(engine: Engine, recorded: bool, days: int = 10) -> list[bool]:
    """On which days the rewrite is live, if each night's run decides by the last two days."""
    live = [False]
    for day in range(days):
        log = window(day, 2, live, recorded)
        live.append(found(engine, log).get(SAID) == "")
    return live[1:]


def test_a_live_rewrite_keeps_its_support(engine: Engine) -> None:
    assert all(history(engine, recorded=True))


def test_without_the_rewritten_moves_it_would_come_and_go(engine: Engine) -> None:
    naive = history(engine, recorded=False)
    changes = sum(one != other for one, other in itertools.pairwise(naive))
    assert changes >= 3


def test_a_live_rewrite_that_serves_its_people_badly_is_found_out(engine: Engine) -> None:
    log = Log()
    for user in range(60):
        log.said(user, SAID, again=MEANT)
    for user in range(100, 300):
        log.said(user, SAID, read=MEANT, rewrite="r", arm="applied", well=False)
    for user in range(300, 900):
        log.said(user, MEANT)
    assert found(engine, log)[SAID] == "not surely better"
