"""What may be learnt from, and what must not be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import DataError
from sayso.training.pretraining.corpus import Corpus, bare, read_corpus
from sayso.training.pretraining.sources import SOURCES, Example
from sayso.types.lessons import Span
from tests.training.pretraining.sets import skill_row, tagged, utterances, write, write_sets

FREE = {"CC0", "CC", "MIT", "MIT-0", "Apache-2.0", "BSD-3-Clause", "MIT;", "Apache-2.0,"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_sets(tmp_path / "data")


def read(folder: Path, *without: str) -> Corpus:
    return read_corpus(folder, without, seed=1)


def every_text(corpus: Corpus) -> set[str]:
    """All that a run could learn, as it is compared."""
    texts = {*corpus.plain, *(x for pair in corpus.pairs for x in pair)}
    texts |= {x for set_ in corpus.intents.values() for said in set_.values() for x in said}
    return {bare(x) for x in texts | {x.text for said in corpus.tagged.values() for x in said}}


def example(folder: Path, name: str) -> list[Example]:
    return list(next(source for source in SOURCES if source.name == name).read(folder))


def test_every_set_is_under_a_free_licence_and_attributed() -> None:
    for source in SOURCES:
        assert source.licence.split()[0] in FREE
        assert "SA" not in source.licence
        assert source.attribution
    assert len({source.name for source in SOURCES}) == len(SOURCES)


def test_every_set_is_read(data: Path) -> None:
    corpus = read(data)
    assert list(corpus.sources) == list(SOURCES)
    for source in SOURCES:
        assert list(source.read(data)), source.name
    assert {"clinc150", "hwu64", "slurp", "massive", "nlupp", "home_assistant"} <= set(
        corpus.intents
    )
    assert set(corpus.tagged) == {"snips"}
    assert ("where is the lamp", "no i mean the lamp") in corpus.pairs
    assert ("call bob evi", "tall bob evi") in corpus.pairs
    assert "lamp something like a lamp" in corpus.plain


def test_slots_come_by_their_characters_or_by_their_tokens_tags(data: Path) -> None:
    assert example(data, "snips")[0].spans == (Span("artist", 5, 9),)
    woken = example(data, "slurp")[-1]
    assert woken.spans == (Span("time", 11, 23),)
    assert woken.text[11:23] == "seven thirty"


def test_out_of_scope_is_no_intent(data: Path) -> None:
    write(data / "nlu/clinc150/train.parquet", [{"text": "what of it", "intent": "oos"}])
    assert example(data, "clinc150") == [Example("what of it")]


def test_what_is_kept_for_validation_is_not_learnt(data: Path) -> None:
    kept_back = "What does CLINC150 keep back?"
    write(data / "nlu/nlupp/train.parquet", [*utterances("nlupp"), {"text": kept_back}])
    assert bare(kept_back) not in every_text(read(data))


def test_a_set_left_out_is_not_learnt_nor_are_its_sentences_elsewhere(data: Path) -> None:
    said = {bare(row["text"]) for row in utterances("clinc150")}
    kept_back = "what does clinc150 keep back"
    borrowed = [
        {"text": "START the alarm, of clinc150!", "intent": "start_thing"},
        {"text": kept_back, "intent": "start_thing"},
    ]
    write(data / "nlu/banking77/train.parquet", [*utterances("banking77"), *borrowed])
    fluent = [
        {"source": "stop no start the alarm of clinc150", "text": "start the alarm of clinc150"}
    ]
    turned = [{"source": kept_back, "text": "what is kept back"}]
    write(data / "rewrites/disfl_qa/train.parquet", [*fluent, *turned])
    assert said & every_text(read(data))
    corpus = read(data, "clinc150")
    assert not (said | {kept_back}) & every_text(corpus)
    assert "clinc150" not in {source.name for source in corpus.sources}
    assert sum(map(len, corpus.intents["banking77"].values())) == len(utterances("banking77"))


@pytest.mark.parametrize("name", ["hwu64", "slurp", "massive"])
def test_sets_of_the_same_sentences_go_together(data: Path, name: str) -> None:
    corpus = read(data, name)
    assert not {"hwu64", "slurp", "massive"} & {source.name for source in corpus.sources}
    gone = {bare(row["text"]) for x in ("hwu64", "slurp", "massive") for row in utterances(x)}
    assert not gone & every_text(corpus)


@pytest.mark.parametrize(
    "changes",
    [
        {"licence": "GPL-3.0"},
        {"licence": "CC BY-SA 4.0"},
        {"licence": "unknown"},
        {"licence": None},
        {"lang": "de"},
        {"kind": "bot_answer"},
        {"kind": "user_turn_test"},
        {"intent": None},
        {"text": "(tell|say) the time"},
        {"text": "tell [me] the time"},
    ],
    ids=str,
)
def test_a_row_of_a_skill_that_may_not_be_learnt_is_not_read(
    data: Path, changes: dict[str, object]
) -> None:
    path = data / "skills" / "leon" / "utterances.parquet"
    write(path, [skill_row("tell the time"), skill_row("is it late yet") | changes])
    assert [x.text for x in example(data, "leon")] == ["tell the time"]


def test_a_slot_of_a_skills_template_is_spoken_by_its_name(data: Path) -> None:
    path = data / "skills" / "rasa" / "utterances.parquet"
    write(path, [skill_row("wake me at {wake_time} on {{ day }}")])
    assert example(data, "rasa") == [Example("wake me at wake time on day", "clock/TellTime")]


def test_texts_too_long_too_short_or_unprintable_are_passed_over(data: Path) -> None:
    said = [{"text": x} for x in ("no", "x" * 201, "a\nb c", "quite all right")]
    write(data / "dialogues/iard/train.parquet", said)
    assert every_text(read(data)) & {"no", "x" * 201, "a b c", "ab c", "quite all right"} == {
        "quite all right"
    }


def test_an_intent_of_one_text_and_a_set_of_few_intents_teach_no_intents(data: Path) -> None:
    lonely = [{"text": "sing to me", "intent": "sing", "slots": "[]"}]
    write(data / "nlu/nlupp/train.parquet", [*utterances("nlupp"), *lonely])
    write(data / "nlu/banking77/train.parquet", utterances("banking77")[:24])
    corpus = read(data)
    assert "sing" not in corpus.intents["nlupp"]
    assert "banking77" not in corpus.intents


def test_a_set_of_few_slots_teaches_no_slots(data: Path) -> None:
    write(data / "nlu/snips/train.parquet", tagged(299))
    assert not read(data).tagged


def test_the_seed_alone_decides_which_texts_of_a_large_set_are_plain(data: Path) -> None:
    many = [{"label": f"thing {i}", "description": "of many"} for i in range(12_100)]
    write(data / "kg/fb15k_237/entities.parquet", many)
    plain = read(data).plain
    assert plain == read(data).plain
    assert plain != read_corpus(data, (), seed=2).plain
    assert sum("of many" in text for text in plain) == 12_000


def test_progress_is_told_after_each_set(data: Path) -> None:
    told: list[int] = []
    read_corpus(data, (), seed=1, progress=told.append)
    assert told == list(range(1, len(SOURCES) + 1))


def test_a_set_that_is_not_known_is_an_error_that_names_those_that_are(data: Path) -> None:
    with pytest.raises(DataError, match=r"no set is called clinc; there are clinc150, banking77"):
        read(data, "clinc")


def test_a_folder_without_the_sets_is_an_error_that_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"clinc150.train\.parquet: missing; give the folder that"):
        read(tmp_path / "nowhere")


def test_a_file_that_is_no_table_is_an_error_that_names_it(data: Path) -> None:
    (data / "nlu/snips/train.parquet").write_bytes(b"text")
    with pytest.raises(DataError, match=r"snips.train\.parquet: not a Parquet file .*again"):
        read(data)


def test_a_table_of_another_shape_is_an_error_that_names_the_column(data: Path) -> None:
    write(data / "asr/evi/train.parquet", [{"text": "bob"}])
    with pytest.raises(DataError, match=r"evi.train\.parquet: has no column nbest; fetch"):
        read(data)
