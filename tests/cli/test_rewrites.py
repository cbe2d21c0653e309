"""`sayso rewrites`: the population of rewrites, seen and ruled by people."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso import learned
from sayso.rewriting.kept import read_denied, read_population, write_population
from sayso.rewriting.policies import policies_after
from sayso.rewriting.population import id_of
from sayso.routing.kept import read_policies, write_policies
from sayso.runtime.home import Home
from sayso.types.lessons import Arm, Evidence, Rewrite, RewriteState
from sayso.types.turns import Reply
from tests.cli.conftest import Sayso

SINCE = datetime(2026, 3, 1, tzinfo=UTC)


def rewrite(said: str, meant: str, state: RewriteState) -> Rewrite:
    evidence = Evidence(45, 38, 0.05, 0.11, 0.9, 0.84, 31.0)
    name = id_of("en", said, meant)
    return Rewrite(name, "en", said, meant, state, evidence, SINCE, "000001", "people say so")


LIVE = rewrite("flibber my wib", "hit the gong", RewriteState.LIVE)
WAITING = rewrite("gong at dawn", "hit the gong", RewriteState.PROPOSED)


@pytest.fixture
def taught(home: Path) -> Path:
    """The home, with two rewrites."""
    folder = home / learned.LEARNED
    with learned.writing(folder):
        learned.write(folder, "a test", "0", lambda x: write_population(x, [WAITING, LIVE]))
    return home


def states(home: Path) -> dict[str, RewriteState]:
    return {each.id: each.state for each in read_population(home / learned.LEARNED)}


def test_a_home_that_has_learnt_nothing_lists_nothing(home: Path, sayso: Sayso) -> None:
    listed = sayso("rewrites", "list", home)
    assert listed.code == 0
    assert "sayso learn" in listed.out


def test_rewrites_are_listed_the_live_ones_first(taught: Path, sayso: Sayso) -> None:
    listed = sayso("rewrites", "list", taught).out
    assert listed.index(LIVE.id) < listed.index(WAITING.id)
    assert "flibber my wib" in listed
    only = sayso("rewrites", "list", taught, "--state", "proposed", "--json").json
    assert [each["id"] for each in only["rewrites"]] == [WAITING.id]


def test_one_is_shown_with_its_evidence(taught: Path, sayso: Sayso) -> None:
    shown = sayso("rewrites", "show", taught, LIVE.id).out
    assert "45 people said it, 38 of them went on" in shown
    assert sayso("rewrites", "show", taught, LIVE.id, "--json").json["state"] == "live"


@pytest.mark.parametrize("verb", ["list", "on", "off", "rollback"])
def test_a_folder_that_is_no_home_is_named_and_left_alone(
    verb: str, tmp_path: Path, sayso: Sayso
) -> None:
    result = sayso("rewrites", verb, tmp_path / "nowhere")
    assert result.code == 2
    assert "make a home with: sayso new" in result.err
    assert not (tmp_path / "nowhere").exists()


def struck(home: Path, sayso: Sayso) -> int:
    """For how many of four people these words strike the gong."""
    said = [sayso("say", home, LIVE.said, "--user", f"p{n}", "--json").json for n in range(4)]
    chosen = [reply["decision"]["chosen"] for reply in said]
    return sum(one is not None and one["skill"] == "gong" for one in chosen)


def test_words_that_mean_nothing_are_read_as_those_that_do_until_it_is_switched_off(
    taught: Path, sayso: Sayso
) -> None:
    assert struck(taught, sayso) >= 2
    sayso("rewrites", "off", taught)
    assert struck(taught, sayso) == 0


def test_an_approved_one_is_tried(taught: Path, sayso: Sayso) -> None:
    assert sayso("rewrites", "approve", taught, WAITING.id, "--by", "eva").code == 0
    assert states(taught)[WAITING.id] is RewriteState.CANARY


def test_a_denied_one_stops_and_is_remembered(taught: Path, sayso: Sayso) -> None:
    assert sayso("rewrites", "deny", taught, LIVE.id, "--by", "eva").code == 0
    assert states(taught) == {LIVE.id: RewriteState.RETIRED, WAITING.id: RewriteState.PROPOSED}
    assert "by eva" in read_denied(taught / learned.LEARNED)[LIVE.id]
    sayso("rewrites", "approve", taught, LIVE.id)
    assert not read_denied(taught / learned.LEARNED)


def test_an_unknown_id_changes_nothing(taught: Path, sayso: Sayso) -> None:
    refused = sayso("rewrites", "deny", taught, LIVE.id, "cafe")
    assert refused.code != 0
    assert 'no rewrite "cafe"' in refused.err
    assert states(taught)[LIVE.id] is RewriteState.LIVE


def test_a_change_can_be_taken_back(taught: Path, sayso: Sayso) -> None:
    sayso("rewrites", "approve", taught, WAITING.id)
    assert sayso("rewrites", "rollback", taught).code == 0
    assert states(taught)[WAITING.id] is RewriteState.PROPOSED


def test_all_of_it_can_be_switched_off_and_on(taught: Path, sayso: Sayso) -> None:
    assert sayso("rewrites", "off", taught, "--json").json == {"off": True}
    assert "Rewriting is off" in sayso("rewrites", "list", taught).out
    assert sayso("rewrites", "on", taught).code == 0
    assert not sayso("rewrites", "list", taught, "--json").json["off"]


def test_there_is_nothing_to_switch_off_before_anything_was_learnt(
    home: Path, sayso: Sayso
) -> None:
    refused = sayso("rewrites", "off", home)
    assert refused.code != 0
    assert "nothing was learnt yet" in refused.err


def test_what_a_person_takes_back_is_not_done_to_them_again(taught: Path) -> None:
    with Home.open(taught) as home:
        replies = {f"p{n}": home.turn(LIVE.said, user=f"p{n}") for n in range(6)}
        rewritten = [user for user, reply in replies.items() if applied(reply)]
        assert len(rewritten) >= 2
        undoes, stays = rewritten[:2]
        reply = replies[undoes]
        assert home.signal(undoes, reply.conversation, reply.turn, "undone")
        assert not applied(home.turn(LIVE.said, user=undoes))
        assert applied(home.turn(LIVE.said, user=stays))


def applied(reply: Reply) -> bool:
    rewriting = reply.trace.rewriting
    return rewriting is not None and rewriting.arm == Arm.APPLIED


def test_a_version_is_taken_up_while_the_home_is_open(taught: Path, sayso: Sayso) -> None:
    with Home.open(taught) as home:
        assert len(home.engine.rewrites) == 1
        sayso("rewrites", "deny", taught, LIVE.id)
        assert home.turn(LIVE.said, user="p1").trace.rewriting is None


def test_a_damaged_version_is_left_alone(taught: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Home.open(taught) as home:
        folder = home.folder / learned.LEARNED
        with learned.writing(folder):
            version = learned.write(folder, "a test", "0", lambda x: write_population(x, [LIVE]))
            (version / "rewrites.table").write_bytes(b"")
        home.turn("strike the gong", user="ana")
        assert "what was learnt before goes on serving" in caplog.text
        assert len(home.engine.rewrites) == 1


def test_a_policy_is_approved_or_ruled_out_as_a_rewrite_is(taught: Path, sayso: Sayso) -> None:
    folder = taught / learned.LEARNED
    policies = policies_after([], {}, ["gong"], approval=True, now=SINCE)
    with learned.writing(folder):
        learned.revise(folder, "a test", "0", lambda draft: write_policies(draft, policies))
    assert "question-60" in sayso("rewrites", "list", taught).out
    assert sayso("rewrites", "approve", taught, "question-60").code == 0
    assert sayso("rewrites", "deny", taught, "value:gong", WAITING.id).code == 0
    known = {each.id: each.state for each in read_policies(folder)}
    assert known["question-60"] is RewriteState.CANARY
    assert known["value:gong"] is RewriteState.RETIRED
    assert states(taught)[WAITING.id] is RewriteState.RETIRED
    assert sayso("rewrites", "on", taught).code == 0
    again = {each.id: each.state for each in read_policies(folder)}
    assert again == known, "what was ruled out stays out"
