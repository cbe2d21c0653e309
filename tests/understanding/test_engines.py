"""What every engine keeps to: the contract of `SkillModel`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pytest

from sayso.bundle import Packed
from sayso.types.lessons import Label, LabelSource, Span
from sayso.types.skills import Intent, Language, Skill, Slot, SlotType, TypeValue
from sayso.understanding import lessons, maxent_crf, shared, softmax
from sayso.understanding.contract import Heard, SkillModel
from sayso.understanding.heads import TYPICAL
from sayso.understanding.heard import hear, hear_all
from tests.understanding.fake_encoder import FakeEncoder

ROOMS = ("kitchen", "living room", "garage", "cellar")
SAMPLES = {
    "On": ("turn on the [room] light", "light in the [room] please", "switch the [room] lamp on"),
    "Off": ("turn off the [room] light", "darkness in the [room]", "switch the [room] lamp off"),
    "Joke": ("tell me a joke", "make me laugh", "say something funny", "another joke"),
}
LANGUAGE = Language(
    "en-US",
    intents=(
        Intent("On", slots=(Slot("room", "Room"),)),
        Intent("Off", slots=(Slot("room", "Room"), Slot("never", "Room"))),
        Intent("Joke"),
    ),
    types=(SlotType("Room", tuple(TypeValue(room) for room in ROOMS)),),
)
ENGINES = pytest.mark.parametrize("engine", [shared, maxent_crf], ids=["shared", "maxent-crf"])


def label(intent: str, sample: str, room: str) -> Label:
    mark = re.search(r"\[room\]", sample)
    text = sample.replace("[room]", room)
    spans = (Span("room", mark.start(), mark.start() + len(room)),) if mark else ()
    return Label(text, "lights", intent, "en-US", spans)


LABELS = [
    label(intent, sample, room)
    for intent, samples in SAMPLES.items()
    for sample in samples
    for room in (ROOMS[:2] if "[room]" in sample else ROOMS[:1])
]


def heard(labels: Sequence[Label]) -> list[Heard]:
    return hear_all([x.text for x in labels], FakeEncoder())


def fitted(engine: ModuleType, labels: Sequence[Label] = LABELS) -> SkillModel:
    model: SkillModel = engine.fit(labels, heard(labels), LANGUAGE)
    return model


@ENGINES
def test_its_own_samples_come_back_with_intent_and_slots(engine: ModuleType) -> None:
    model = fitted(engine)
    for one, said in zip(LABELS, heard(LABELS), strict=True):
        best = model.read(said)[0]
        assert best.intent == one.intent
        assert [(x.name, x.start, x.end) for x in best.slots] == [
            (x.name, x.start, x.end) for x in one.spans
        ]


@ENGINES
def test_a_new_sentence_is_read_and_on_is_not_off(engine: ModuleType) -> None:
    model = fitted(engine)
    for intent, text in (("On", "turn on the living room lamp"), ("Off", "turn off the kitchen")):
        best = model.read(hear(text, FakeEncoder()))[0]
        assert best.intent == intent
        assert [text[x.start : x.end] for x in best.slots] in (["living room"], ["kitchen"])
        assert 0 < best.slots[0].confidence <= 1


def test_the_shared_engine_knows_the_catalogue() -> None:
    text = "turn on the garage light"
    best = fitted(shared).read(hear(text, FakeEncoder()))[0]
    assert best.intent == "On"
    assert [text[x.start : x.end] for x in best.slots] == ["garage"]


@ENGINES
def test_probabilities_are_of_all_intents_and_best_first(engine: ModuleType) -> None:
    readings = fitted(engine).read(hear("turn on the light", FakeEncoder()), limit=9)
    chances = [reading.probability for reading in readings]
    assert len(readings) == 3
    assert np.isclose(sum(chances), 1)
    assert chances == sorted(chances, reverse=True)


@ENGINES
def test_probabilities_are_the_softmax_of_the_scores(engine: ModuleType) -> None:
    model, said = fitted(engine), hear("turn on the light", FakeEncoder())
    assert softmax.ranked(model.scores(said)) == model.likely(said)


@ENGINES
def test_a_score_of_0_is_usual_for_its_own_samples_and_a_strangers_is_less(
    engine: ModuleType,
) -> None:
    model = fitted(engine)
    own = [model.scores(x)[one.intent] for one, x in zip(LABELS, heard(LABELS), strict=True)]
    assert np.isclose(np.mean(own), 0.0, atol=1e-3)
    strange = model.scores(hear("who wrote the odyssey", FakeEncoder()))
    assert max(strange.values()) < min(own)


@ENGINES
def test_a_model_packed_before_scores_were_centred_is_read(engine: ModuleType) -> None:
    packed = fitted(engine).pack()
    less = {name: value for name, value in packed.settings.items() if name != "typical"}
    model = engine.unpack(Packed(packed.tensors, less), LANGUAGE)
    said = heard(LABELS)[0]
    assert model.likely(said)[0][0] == LABELS[0].intent
    assert max(model.scores(said).values()) < TYPICAL


@ENGINES
def test_only_the_intents_asked_for_are_read(engine: ModuleType) -> None:
    model, said = fitted(engine), hear("turn on the kitchen light", FakeEncoder())
    readings = model.read(said, among=["Off", "Unknown"])
    assert [(x.intent, x.probability) for x in readings] == [("Off", 1.0)]
    assert model.read(said, among=[]) == []
    assert len(model.read(said, limit=2)) == 2


@ENGINES
def test_an_intent_gets_no_slots_that_it_does_not_know(engine: ModuleType) -> None:
    readings = fitted(engine).read(hear("turn on the kitchen light", FakeEncoder()))
    assert next(x for x in readings if x.intent == "Joke").slots == ()


@ENGINES
def test_a_packed_model_reads_alike(engine: ModuleType) -> None:
    model = fitted(engine)
    packed = model.pack()
    stored = Packed(packed.tensors, json.loads(json.dumps(packed.settings)))
    again = engine.unpack(stored, LANGUAGE)
    assert list(again.intents) == list(model.intents)
    for said in heard(LABELS):
        assert again.read(said) == model.read(said)


@ENGINES
def test_fitting_twice_gives_the_same_model(engine: ModuleType) -> None:
    first, second = fitted(engine).pack(), fitted(engine).pack()
    assert first.settings == second.settings
    for name, array in first.tensors.items():
        assert np.array_equal(array, second.tensors[name])


@ENGINES
@pytest.mark.parametrize("text", ["", "???", "😀", "東京の天気", "kitchen " * 3000])
def test_odd_utterances_are_read_all_the_same(engine: ModuleType, text: str) -> None:
    readings = fitted(engine).read(hear(text, FakeEncoder()))
    assert len(readings) == 3
    assert all(np.isfinite(reading.probability) for reading in readings)


@ENGINES
@pytest.mark.parametrize("labels", [[], LABELS[:1], LABELS[-4:]], ids=["none", "one", "no slots"])
def test_a_skill_of_few_samples_can_be_fitted(engine: ModuleType, labels: list[Label]) -> None:
    model = fitted(engine, labels)
    readings = model.read(hear("turn on the kitchen light", FakeEncoder()))
    assert {x.intent for x in readings} == {x.intent for x in labels}


@ENGINES
def test_a_label_of_negative_weight_unteaches(engine: ModuleType) -> None:
    text = "turn on the kitchen light"
    against = Label(text, "lights", "On", "en-US", weight=-3.0)
    said = hear(text, FakeEncoder())
    before = next(x for x in fitted(engine).read(said) if x.intent == "On")
    after = next(x for x in fitted(engine, [*LABELS, against]).read(said) if x.intent == "On")
    assert after.probability < before.probability


@ENGINES
def test_an_intents_name_teaches_no_slots(engine: ModuleType) -> None:
    name = Label("kitchen light on", "lights", "On", "en-US", source=LabelSource.NAME)
    with_name, without = fitted(engine, [*LABELS, name]).pack(), fitted(engine).pack()
    for part in ("slot.vocabulary", "slot.sparse", "slot.dense"):
        assert np.array_equal(with_name.tensors[part], without.tensors[part])


@ENGINES
def test_a_language_without_an_encoder_is_read_by_its_words(engine: ModuleType) -> None:
    model = engine.fit(LABELS, hear_all([x.text for x in LABELS], None), LANGUAGE)
    assert model.read(hear("tell me a joke", None))[0].intent == "Joke"


def test_thousands_of_samples_are_filled_once_each() -> None:
    room = (Slot("room", "ROOM"),)
    rooms = SlotType("ROOM", tuple(TypeValue(f"room {at}") for at in range(9)))
    samples = [f"light number {at} of the {{room}}" for at in range(lessons.MOST_FILLED)]

    def count_of(count: int) -> int:
        language = Language("en-US", intents=(Intent("On", samples[:count], room),), types=(rooms,))
        taught = lessons.lessons_of(Skill("x", "X", languages=(language,)), language)
        return sum(x.template is not None and x.source is LabelSource.SAMPLE for x in taught)

    assert count_of(100) == 100 * lessons.FILLINGS
    assert count_of(lessons.MOST_FILLED) == lessons.MOST_FILLED
