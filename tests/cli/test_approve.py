"""`sayso approve`: who is on trial, and who is trusted from now on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sayso.stores.store import Store
from tests.cli.conftest import Sayso


@pytest.fixture
def on_trial(home: Path) -> Path:
    """A home in which the gong counts as installed live."""
    with Store.open("sqlite:///sayso.db", home) as store:
        store.trials.begin("gong", datetime.now(UTC))
    return home


def test_nobody_is_on_trial_in_a_home_that_was_trained(home: Path, sayso: Sayso) -> None:
    assert sayso("approve", home).out == "no skill is on trial\n"


def test_without_a_skill_those_on_trial_are_listed(on_trial: Path, sayso: Sayso) -> None:
    listed = sayso("approve", on_trial)
    assert listed.code == 0
    assert "gong" in listed.out
    assert sayso("approve", on_trial, "--json").json == {"approved": [], "on_trial": {"gong": 0.0}}


def test_an_approved_skill_is_on_trial_no_longer(on_trial: Path, sayso: Sayso) -> None:
    assert sayso("approve", on_trial, "gong", "--by", "ana").out == "gong is approved\n"
    assert sayso("approve", on_trial, "--json").json["on_trial"] == {}
    with Store.open("sqlite:///sayso.db", on_trial) as store:
        assert [known.by for known in store.trials.all()] == ["ana"]


def test_approving_who_is_not_on_trial_is_refused_and_approves_nobody(
    on_trial: Path, sayso: Sayso
) -> None:
    refused = sayso("approve", on_trial, "gong", "gnog")
    assert refused.code != 0
    assert '"gnog" is not on trial; on trial: gong' in refused.err
    assert sayso("approve", on_trial, "--json").json["on_trial"] == {"gong": 0.0}
