"""An export becomes conversations, whatever state it is in; the same on both engines."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from sayso.errors import DataError
from sayso.events.engines import Engine
from sayso.events.read import Events, opened, read
from sayso.events.scrub import text_id
from sayso.types.lessons import LoggedTurn
from sayso.types.locales import language_of
from tests.events.logs import number, rows_of, turn, write


def log_of(*rows: LoggedTurn, engine: Engine, tmp_path: Path) -> Events:
    write(tmp_path / "log.parquet", rows)
    return read(engine, tmp_path / "log.parquet", number)


def test_a_long_silence_or_another_device_begins_a_conversation(
    engine: Engine, tmp_path: Path
) -> None:
    events = log_of(
        turn("play queen", 0),
        turn("louder", 119.5),
        turn("stop", 119.5 + 120),
        turn("play abba", 119.5 + 240.001),
        turn("what time is it", 60, device="phone"),
        turn("play queen", 10, user="bob"),
        engine=engine,
        tmp_path=tmp_path,
    )
    rows = rows_of(events.turns, "number")
    ana = [row for row in rows if row["user"] == number("ana")]
    assert [row["number"] for row in rows] == list(range(6))
    assert [(row["position"], row["gap_s"]) for row in ana] == [
        (0, None),
        (1, 119.5),
        (2, 120.0),
        (0, None),
        (0, None),
    ]
    assert [row["number"] - row["position"] for row in rows] == [
        row["conversation"] for row in rows
    ]


def test_a_turn_has_the_language_that_serving_has_for_its_locale(
    engine: Engine, tmp_path: Path
) -> None:
    locales = ("en-US", "en", "zh-Hant-TW", "EN_us", "de-AT", "-", "")
    rows = [turn("radio", 200 * at, locale=each) for at, each in enumerate(locales)]
    events = log_of(*rows, engine=engine, tmp_path=tmp_path)
    found = [row["language"] for row in rows_of(events.turns, "number")]
    assert found == [language_of(each) for each in locales]
    held = rows_of(events.texts, "text")
    assert {row["text"] for row in held} == {text_id(each, "radio") for each in found}


def test_texts_are_folded_and_counted_by_turn_and_person(engine: Engine, tmp_path: Path) -> None:
    events = log_of(
        turn("Play Queen!", 0),
        turn("play queen", 500),
        turn("play queen", 900),
        turn("play queen", 0, user="bob"),
        turn("play queen", 0, user="eva", locale="de-DE"),
        engine=engine,
        tmp_path=tmp_path,
    )
    english, german = rows_of(events.texts.mutate(l=events.texts.language), "turns")[::-1]
    assert (english["words"], english["shown"]) == ("play queen", "play queen")
    assert (english["turns"], english["users"]) == (4, 2)
    assert (german["language"], german["turns"], german["users"]) == ("de", 1, 1)
    assert english["text"] == text_id("en", "play queen") != german["text"]


def test_rows_in_any_order_and_twice_give_the_same_tables(engine: Engine, tmp_path: Path) -> None:
    rows = [
        turn(f"play {name}", second, user=user, turn=place)
        for user in ("ana", "bob")
        for place, (name, second) in enumerate([("queen", 0), ("quinn", 9), ("queen", 300)])
    ]
    plain = log_of(*rows, engine=engine, tmp_path=tmp_path)
    turns, texts = rows_of(plain.turns, "number"), rows_of(plain.texts, "text")
    mixed = [*rows, *rows[:4]]
    random.Random(1).shuffle(mixed)
    again = log_of(*mixed, engine=engine, tmp_path=tmp_path)
    assert again.counted is not None
    assert (again.counted.rows, again.counted.repeated, again.counted.turns) == (10, 4, 6)
    assert rows_of(again.turns, "number") == turns
    assert rows_of(again.texts, "text") == texts


def test_of_a_row_that_comes_twice_the_one_counts_that_knows_more(
    engine: Engine, tmp_path: Path
) -> None:
    row = turn("play queen")
    events = log_of(row, replace(row, helpful=False), row, engine=engine, tmp_path=tmp_path)
    assert [each["helpful"] for each in rows_of(events.turns, "number")] == [False]


def test_an_empty_log_gives_empty_tables(engine: Engine, tmp_path: Path) -> None:
    events = log_of(engine=engine, tmp_path=tmp_path)
    assert rows_of(events.turns, "number") == []
    assert rows_of(events.texts, "text") == []
    assert rows_of(events.windows, "turn") == []


def test_a_folder_without_parquet_says_what_to_do(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    with pytest.raises(DataError, match="no Parquet files; `sayso log export`"):
        read(engine, tmp_path / "exports", number)


def test_a_folder_may_hold_parts_of_several_versions(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "may").mkdir(parents=True)
    write(folder / "a.parquet", [turn("play queen")], without=["arm", "rewrite", "undone", "slots"])
    write(folder / "may" / "b.parquet", [turn("play abba", 5)], extra={"mood": "good"})
    rows = rows_of(read(engine, folder, number).turns, "number")
    assert [(row["slots"], row["arm"]) for row in rows] == [("{}", None), ("{}", None)]


def test_a_log_without_what_a_turn_needs_is_refused(engine: Engine, tmp_path: Path) -> None:
    write(tmp_path / "log.parquet", [turn("play queen")], without=["said"])
    with pytest.raises(DataError, match="no column said"):
        read(engine, tmp_path / "log.parquet", number)


def test_unreadable_rows_are_counted_and_left_out(engine: Engine, tmp_path: Path) -> None:
    nobody = replace(turn("play queen", 1), user=None)  # type: ignore[arg-type]
    never = replace(turn("play queen", 2), at=None)  # type: ignore[arg-type]
    odd = replace(turn("play abba", 3), outcome="dance", locale=None, device=None, turn=None)  # type: ignore[arg-type]
    events = log_of(nobody, never, turn("  ", 4), odd, engine=engine, tmp_path=tmp_path)
    assert events.counted is not None
    assert (events.counted.unreadable, events.counted.turns) == (3, 1)
    assert [row["outcome"] for row in rows_of(events.turns, "number")] == ["dance"]


def test_what_is_personal_is_gone_from_every_table(engine: Engine, tmp_path: Path) -> None:
    events = log_of(
        turn("my pin is 4711", 0, slots='{"pin":"4711"}'),
        turn("My PIN is 4712!", 5, slots='{"pin":"4712","room":"hall"}'),
        turn("text anna@example.org", 10),
        turn("play queen", 15),
        engine=engine,
        tmp_path=tmp_path,
    )
    known = {row["words"]: row for row in rows_of(events.texts, "text")}
    assert {words: row["private"] for words, row in known.items()} == {
        "my pin <secret>": True,
        "text <email>": True,
        "play queen": False,
    }
    assert known["my pin <secret>"]["turns"] == 2
    slots = [row["slots"] for row in rows_of(events.turns, "number")]
    assert slots == ['{"pin":"<secret>"}', '{"pin":"<secret>","room":"hall"}', "{}", "{}"]
    left = b"".join(file.read_bytes() for file in engine.work.rglob("*") if file.is_file())
    assert b"4711" not in left
    assert b"anna@" not in left
    assert b"ana" not in left


def test_a_rewritten_turn_knows_what_was_said_and_what_was_read(
    engine: Engine, tmp_path: Path
) -> None:
    events = log_of(
        turn("play quinn", 0, text="play queen", rewrite="r1", arm="applied"),
        turn("play abba", 5, text=None),
        engine=engine,
        tmp_path=tmp_path,
    )
    first, second = rows_of(events.turns, "number")
    assert first["text"] == text_id("en", "play quinn")
    assert first["read"] == text_id("en", "play queen")
    assert second["text"] == second["read"]
    turns = {row["words"]: (row["turns"], row["users"]) for row in rows_of(events.texts, "text")}
    assert turns == {"play quinn": (1, 1), "play queen": (0, 0), "play abba": (1, 1)}


def test_a_refusal_is_known_from_the_reply(engine: Engine, tmp_path: Path) -> None:
    events = log_of(
        turn("play queen", 0, speech="Sorry, I don't know that one."),
        turn("play abba", 5, speech=None),
        turn("play kraftwerk", 9, locale="de-DE", speech="Das kann ich leider noch nicht."),
        engine=engine,
        tmp_path=tmp_path,
    )
    assert [row["refused"] for row in rows_of(events.turns, "number")] == [True, False, True]


def test_a_window_shows_what_followed_within_reach(engine: Engine, tmp_path: Path) -> None:
    events = log_of(
        turn("play quinn", 0, outcome="abstain", skill=None, intent=None, confidence=None),
        turn("play queen", 8.5, slots='{"artist":"queen"}'),
        turn("louder", 50),
        turn("stop", 100),
        turn("play abba", 500),
        turn("stop", 520, barge_in_ms=300.0),
        engine=engine,
        tmp_path=tmp_path,
    )
    rows = rows_of(events.windows, "turn")
    assert [row["turn"] for row in rows] == [0, 1, 4]
    first = rows[0]
    assert [first[f"words_{k}"] for k in range(4)] == ["play quinn", "play queen", "louder", None]
    assert [first[f"gap_s_{k}"] for k in range(4)] == [0.0, 8.5, 50.0, None]
    assert [first[f"outcome_{k}"] for k in range(4)] == ["abstain", "act", "act", None]
    assert first["slots_1"] == '{"artist":"queen"}'
    assert (first["skill_0"], first["language"]) == (None, "en")
    assert [rows[2][f"barge_in_ms_{k}"] for k in range(2)] == [None, 300.0]
    assert [rows[1][f"words_{k}"] for k in (2, 3)] == [None, None]


def test_a_window_stays_in_its_conversation(engine: Engine, tmp_path: Path) -> None:
    events = log_of(
        turn("play quinn", 0),
        turn("play queen", 5, device="phone"),
        turn("play queen", 6, user="bob"),
        engine=engine,
        tmp_path=tmp_path,
    )
    assert rows_of(events.windows, "turn") == []


def test_what_one_sentence_asked_for_twice_is_no_second_try(engine: Engine, tmp_path: Path) -> None:
    events = log_of(
        turn("turn off the lamp", id="a", turn=0),
        turn("turn off the lamp in the hall", id="b", turn=1),
        turn("the hall lamp off", 6, id="c", turn=2),
        engine=engine,
        tmp_path=tmp_path,
    )
    rows = rows_of(events.windows, "turn")
    assert [(row["words_0"], row["words_1"]) for row in rows] == [
        ("turn off the lamp in the hall", "the hall lamp off")
    ]


def test_tables_are_opened_again_without_reading_the_log(engine: Engine, tmp_path: Path) -> None:
    events = log_of(turn("play queen"), engine=engine, tmp_path=tmp_path)
    assert rows_of(opened(engine).turns, "number") == rows_of(events.turns, "number")
