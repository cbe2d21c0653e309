"""The packaged encoder: what a caller may rely on."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from sayso.encoders import Encoded, Encoder
from sayso.encoders.files import MODEL, WORDS
from sayso.errors import EncoderError

UTTERANCES = [
    "set an alarm for seven thirty tomorrow morning",
    "play jazz",
    "what is the weather like in Paris this weekend",
    "turn off the lights in the living room please",
    "",
]


def one(encoder: Encoder, text: str) -> Encoded:
    return encoder.encode([text])[0]


def words(encoded: Encoded) -> list[str]:
    return [encoded.text[start:end] for start, end in encoded.offsets]


def test_states_pooled_and_offsets_have_the_promised_shapes(encoder: Encoder) -> None:
    encoded = one(encoder, "turn off the lights")
    assert encoded.pooled.shape == (encoder.dimension,)
    assert encoded.states.shape == (4, encoder.dimension)
    assert encoded.offsets.shape == (4, 2)
    assert encoded.pooled.dtype == encoded.states.dtype == np.float32
    assert np.linalg.norm(encoded.pooled) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vectors_alone_and_among_others(encoder: Encoder) -> None:
    for among, text in zip(encoder.encode(UTTERANCES), UTTERANCES, strict=True):
        alone = one(encoder, text)
        np.testing.assert_array_equal(among.pooled, alone.pooled)
        np.testing.assert_array_equal(among.states, alone.states)


def test_threads_in_bulk_keep_order_and_vectors(encoder: Encoder) -> None:
    texts = [f"set an alarm in {minutes} minutes" for minutes in range(20)]
    bulk = Encoder.load(threads=2).encode(texts)
    assert [encoded.text for encoded in bulk] == texts
    for encoded, alone in zip(bulk, encoder.encode(texts), strict=True):
        np.testing.assert_array_equal(encoded.pooled, alone.pooled)


def test_many_callers_at_once_get_the_vectors_of_one(encoder: Encoder) -> None:
    expected = [encoded.pooled for encoded in encoder.encode(UTTERANCES)]
    with ThreadPoolExecutor(4) as pool:
        for encoded in pool.map(encoder.encode, [UTTERANCES] * 8):
            np.testing.assert_array_equal([one.pooled for one in encoded], expected)


def test_pooled_gives_the_sentence_vectors_of_encode(encoder: Encoder) -> None:
    expected = [encoded.pooled for encoded in encoder.encode(UTTERANCES)]
    np.testing.assert_array_equal(encoder.pooled(UTTERANCES), expected)
    assert encoder.pooled([]).shape == (0, encoder.dimension)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode([]) == []


def test_offsets_slice_the_text_back_to_its_words(encoder: Encoder) -> None:
    encoded = one(encoder, "Wake me at  7:30, Zoë!")
    assert words(encoded) == ["Wake", "me", "at", "7", ":", "30", ",", "Zoë", "!"]


def test_offsets_count_characters_not_bytes(encoder: Encoder) -> None:
    assert words(one(encoder, "🙂 play 音楽 in the café")) == [
        "🙂", "play", "音", "楽", "in", "the", "café",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "مرحبا بالعالم",
        "한국어",
        "ไทย",
        "e\u0301te\u0301",
        "👨‍👩‍👧 family",
        "a\x00b\x07c\r\n\td",
        "\u202eabc\u200b",
        "\ufeff\ufffd",
        "half a pair \ud800 here",
        "x" * 500,
    ],
)
def test_any_text_gives_a_unit_vector_and_offsets_in_order(encoder: Encoder, text: str) -> None:
    encoded = one(encoder, text)
    assert encoded.text == text
    assert np.linalg.norm(encoded.pooled) == pytest.approx(1, abs=1e-5)
    assert len(encoded.states) == len(encoded.offsets)
    starts, ends = encoded.offsets.T
    assert np.all(starts < ends)
    assert np.all(ends <= len(text))
    assert np.all(np.diff(starts) >= 0)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00"])
def test_a_text_of_nothing_has_no_tokens_and_the_vector_of_nothing(
    encoder: Encoder, text: str
) -> None:
    encoded = one(encoder, text)
    assert encoded.states.shape == (0, encoder.dimension)
    assert encoded.offsets.shape == (0, 2)
    np.testing.assert_array_equal(encoded.pooled, one(encoder, "").pooled)


def test_markers_typed_by_a_person_are_text(encoder: Encoder) -> None:
    assert words(one(encoder, "[SEP] hi")) == ["[", "SEP", "]", "hi"]


def test_a_very_long_text_is_cut_and_quick(encoder: Encoder) -> None:
    start = time.perf_counter()
    encoded = one(encoder, "word " * 10_000)
    assert time.perf_counter() - start < 1
    assert len(encoded.states) == 126
    np.testing.assert_array_equal(encoded.pooled, one(encoder, "word " * 126).pooled)


def test_related_sentences_are_closer_than_unrelated_ones(encoder: Encoder) -> None:
    wake, alarm, lights, lamp = encoder.pooled(
        [
            "wake me up at seven",
            "set an alarm for 7 am",
            "turn off the lights",
            "switch the lamp off please",
        ]
    )
    assert wake @ alarm > max(wake @ lights, wake @ lamp) + 0.2
    assert lights @ lamp > max(lights @ wake, lights @ alarm) + 0.2


def test_a_word_has_other_states_in_other_company(encoder: Encoder) -> None:
    song, fruit = encoder.encode(["play apple music", "buy an apple pie"])
    a, b = song.states[1], fruit.states[2]
    assert a @ b / np.linalg.norm(a) / np.linalg.norm(b) < 0.9


def test_progress_is_told_now_and_then_and_at_the_end(encoder: Encoder) -> None:
    told: list[int] = []
    encoder.encode(["hi"] * 70, progress=told.append)
    assert told == [32, 64, 70]
    encoder.encode([], progress=told.append)
    assert told == [32, 64, 70]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_word_table_is_in_no_process_memory(encoder: Encoder) -> None:
    encoder.encode(UTTERANCES)
    assert f"/{WORDS}\n" not in Path("/proc/self/maps").read_text(encoding="utf-8")


def test_a_word_table_that_is_cut_short_under_way_is_an_error_in_words(folder: Path) -> None:
    encoder = Encoder.load(folder)
    (folder / WORDS).write_bytes((folder / WORDS).read_bytes()[:1000])
    with pytest.raises(EncoderError, match="has become shorter"):
        encoder.encode(["play jazz"])


def test_no_piece_lies_outside_the_word_table(encoder: Encoder) -> None:
    rows = len(encoder._words)
    everything = "".join(map(chr, range(1, 3000))) + " 音楽 한국어 🙂"
    for text in (everything, everything[::-1], " ".join(everything)):
        assert max(encoder.pieces(text)) < rows


def test_importing_the_room_does_not_import_onnxruntime() -> None:
    code = "import sys, sayso.encoders; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_encoder_takes_other_layers_and_keeps_its_words(encoder: Encoder) -> None:
    same = encoder.tuned((encoder.folder / MODEL).read_bytes())
    np.testing.assert_array_equal(one(same, "play jazz").states, one(encoder, "play jazz").states)
    assert same.fingerprint == encoder.fingerprint
    assert same.pieces("play jazz") == encoder.pieces("play jazz")


@pytest.mark.parametrize("layers", [b"", b"no model", bytes(100)])
def test_layers_that_are_none_are_an_error_in_words(encoder: Encoder, layers: bytes) -> None:
    with pytest.raises(EncoderError, match="run: sayso train --finetune"):
        encoder.tuned(layers)
