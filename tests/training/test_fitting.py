"""Orders -> entries, here and as a worker of a cluster does it; and by what an order is known."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from sayso.encoders import Encoder, Encoders
from sayso.errors import EncoderError, TrainingError
from sayso.training import fitting
from sayso.training.cluster import Recipe, fit_batch
from sayso.training.fitting import fit_here
from sayso.training.made_with import difference, versions
from sayso.training.orders import Order, orders
from sayso.types.lessons import Label, Span
from sayso.types.skills import Skill
from tests.training.birds import bird, birds


@pytest.fixture(scope="module")
def encoders() -> Encoders:
    return Encoders(Encoder.load())


def ordered(
    skills: Sequence[Skill],
    encoders: Encoders,
    labels: Mapping[str, Sequence[Label]] | None = None,
    temperatures: Mapping[str, Mapping[str, float]] | None = None,
) -> list[Order]:
    return list(orders(skills, labels or {}, encoders, temperatures or {}))


def recipe(encoders: Encoders, **other: Any) -> Recipe:
    read_by = {"en-US": encoders.fingerprint("en-US")}
    made = Recipe(versions(), "shared", str(encoders.default.folder), {}, read_by)
    return replace(made, **other)


def here(some: Sequence[Order], encoders: Encoders) -> list[bytes]:
    found = fit_here(
        some, encoders, "shared", heard={}, finetune=None, tell=lambda stage, done, total: None
    )
    return [entry for _, entry in found]


def test_a_worker_makes_the_entries_that_are_made_here(
    encoders: Encoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "BATCH", 2)
    some = ordered([*birds(4), bird("stork", "en-US", "en-GB")], encoders)
    assert fit_batch(recipe(encoders), pickle.dumps(some)) == here(some, encoders)


def test_processes_make_the_same_entries(
    encoders: Encoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = ordered([*birds(4), bird("stork", "en-US", "en-GB")], encoders)
    alone = here(some, encoders)
    monkeypatch.setattr("sayso.training.side_by_side.LITTLE", 1)
    monkeypatch.setattr("sayso.training.side_by_side._cores", lambda: 2)
    assert here(some, encoders) == alone


def test_a_worker_of_another_version_fits_nothing(encoders: Encoders) -> None:
    tomorrow = {**versions(), "numpy": "9.9"}
    with pytest.raises(TrainingError, match=r"a worker has numpy .* and not 9\.9; install"):
        fit_batch(recipe(encoders, versions=tomorrow), pickle.dumps([]))


def test_a_worker_with_another_encoder_fits_nothing(encoders: Encoders) -> None:
    with pytest.raises(EncoderError, match="a worker reads en-US by another encoder"):
        fit_batch(recipe(encoders, read_by={"en-US": "another"}), pickle.dumps([]))


def test_a_folder_that_the_worker_lacks_may_be_the_packaged_encoder(encoders: Encoders) -> None:
    some = ordered(birds(1), encoders)
    elsewhere = recipe(encoders, encoder="/srv/of/another/machine")
    assert len(fit_batch(elsewhere, pickle.dumps(some))) == 1


def test_versions_are_told_apart_in_words() -> None:
    ours, theirs = {"sayso": "1", "numpy": "2"}, {"sayso": "1", "numpy": "3"}
    assert difference(theirs, ours) == "numpy 3 and not 2"
    assert difference({"sayso": "1"}, ours) == "numpy nothing and not 2"
    assert difference(ours, ours) == ""


def test_an_order_is_known_by_all_that_its_fit_depends_on(encoders: Encoders) -> None:
    owl = bird("owl", "en-US")
    (plain,) = ordered([owl], encoders)
    label = Label("let me hear an owl", "owl", "Sing", "en-US")
    changed = [
        ordered([replace(owl, name="Another")], encoders),
        ordered([bird("owl", "en-GB")], encoders),
        ordered([owl], encoders, labels={"owl": [label]}),
        ordered([owl], encoders, labels={"owl": [replace(label, weight=0.5)]}),
        ordered([owl], encoders, labels={"owl": [replace(label, spans=[Span("a", 0, 3)])]}),
        ordered([owl], encoders, temperatures={"en": {"owl": 0.5}}),
    ]
    keys = [order.key for (order,) in changed]
    assert len({plain.key, *keys}) == 1 + len(changed)
    others = {"wren": [replace(label, skill="wren")]}
    assert ordered([owl], encoders, others, {"en": {"wren": 0.5}, "de": {"owl": 0.1}}) == [plain]
