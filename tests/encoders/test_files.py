"""Where encoders are found, and which ones are refused."""

import json
import sys
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sayso.encoders import Encoder
from sayso.encoders.files import (
    CARD,
    MODEL,
    SCALES,
    TOKENIZER,
    WORDS,
    find_encoder,
    read_card,
)
from sayso.errors import EncoderError


def edit_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    (folder / CARD).write_text(json.dumps(card | changes), encoding="utf-8")


def fake_hub(monkeypatch: pytest.MonkeyPatch, answer: Path | Exception) -> dict[str, object]:
    """Stand in for huggingface_hub; the dictionary receives what was asked of it."""
    asked: dict[str, object] = {}

    def snapshot_download(repository: str, **options: object) -> str:
        asked.update(options, repository=repository)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    module = ModuleType("huggingface_hub")
    module.snapshot_download = snapshot_download  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huggingface_hub", module)
    return asked


def test_the_packaged_encoder_is_whole() -> None:
    encoder = Encoder.load()
    encoder.verify()
    card = read_card(find_encoder(None))
    assert encoder.name == card.name
    assert encoder.dimension == card.dimension
    serving = {MODEL, TOKENIZER, WORDS, SCALES}
    assert {*serving, "LICENSE", "NOTICE", "MODEL_CARD.md"} == set(card.sha256)


@pytest.mark.parametrize("name", [MODEL, TOKENIZER, WORDS, SCALES])
def test_another_file_is_another_fingerprint(name: str) -> None:
    card = read_card(find_encoder(None))
    other = replace(card, sha256={**card.sha256, name: "0" * 64})
    assert other.fingerprint != card.fingerprint
    assert replace(card, sha256={**card.sha256, "NOTICE": "0"}).fingerprint == card.fingerprint


def test_a_folder_elsewhere_loads_with_the_same_fingerprint(folder: Path) -> None:
    assert Encoder.load(folder).fingerprint == Encoder.load(str(folder)).fingerprint


@pytest.mark.parametrize("name", [MODEL, TOKENIZER, WORDS, SCALES])
def test_a_tampered_file_is_refused_by_name(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(EncoderError, match=rf"{name}: sha256 is .* says .*damaged or changed"):
        Encoder.load(folder)


def test_a_file_changed_after_loading_fails_verification(folder: Path) -> None:
    encoder = Encoder.load(folder)
    (folder / TOKENIZER).write_text("{}")
    with pytest.raises(EncoderError, match=TOKENIZER):
        encoder.verify()


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / MODEL).unlink()
    with pytest.raises(EncoderError, match=f"{MODEL}: cannot be read"):
        Encoder.load(folder)


def certify(folder: Path, **contents: bytes) -> None:
    """Write files and their checksums: damage that the checksums do not see."""
    digests = dict(read_card(folder).sha256)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        digests[name] = sha256(content).hexdigest()
    edit_card(folder, sha256=digests)


def saved(array: npt.NDArray[Any]) -> bytes:
    stream = BytesIO()
    np.save(stream, array, allow_pickle=array.dtype == object)
    return stream.getvalue()


@pytest.mark.parametrize("name", [MODEL, TOKENIZER, WORDS, SCALES])
@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"{}"])
def test_a_file_that_matches_its_checksum_but_is_no_such_file_is_refused(
    folder: Path, name: str, content: bytes
) -> None:
    certify(folder, **{name: content})
    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder.load(folder)


def test_a_word_table_cut_short_is_refused_though_its_checksum_holds(folder: Path) -> None:
    certify(folder, **{WORDS: (folder / WORDS).read_bytes()[:-1000]})
    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder.load(folder)


def test_a_pickled_array_is_never_unpickled(folder: Path) -> None:
    certify(folder, **{SCALES: saved(np.array([{}], dtype=object))})
    with pytest.raises(EncoderError, match=r"cannot be loaded .*allow_pickle"):
        Encoder.load(folder)


def test_a_tokenizer_with_more_pieces_than_the_table_has_rows_is_refused(folder: Path) -> None:
    words, scales = np.load(folder / WORDS), np.load(folder / SCALES)
    certify(folder, **{WORDS: saved(words[:-1]), SCALES: saved(scales[:-1])})
    with pytest.raises(EncoderError, match=rf"{TOKENIZER}: does not fit .*make the encoder again"):
        Encoder.load(folder)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        (WORDS, np.zeros((), np.int8)),
        (WORDS, np.zeros((14_000, 7), np.int8)),
        (WORDS, np.zeros((14_000, 384), np.float32)),
        (SCALES, np.zeros(7, np.float32)),
        (SCALES, np.zeros((14_000, 1), np.float32)),
    ],
    ids=["a number", "narrow", "of floats", "too few", "a column"],
)
def test_arrays_of_another_shape_are_refused(
    folder: Path, name: str, wrong: npt.NDArray[Any]
) -> None:
    certify(folder, **{name: saved(wrong)})
    with pytest.raises(EncoderError, match=rf"{name}: does not fit the files beside it"):
        Encoder.load(folder)


def test_layers_of_another_width_are_refused(folder: Path) -> None:
    width = read_card(folder).dimension
    words = np.load(folder / WORDS)
    certify(folder, **{WORDS: saved(np.ascontiguousarray(words[:, : width // 2]))})
    edit_card(folder, dimension=width // 2)
    with pytest.raises(EncoderError, match=f"{MODEL}: does not fit"):
        Encoder.load(folder)


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=rf"{CARD}: cannot be read .*sayso pretrain"):
        Encoder.load(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": "x", "dimension": "wide"}'])
def test_a_damaged_card_is_refused(folder: Path, text: str) -> None:
    (folder / CARD).write_text(text)
    with pytest.raises(EncoderError, match="not an encoder card"):
        Encoder.load(folder)


def test_a_card_that_lacks_a_checksum_is_refused(folder: Path) -> None:
    edit_card(folder, sha256={MODEL: "0" * 64})
    with pytest.raises(EncoderError, match="lacks the sha256"):
        Encoder.load(folder)


def test_a_card_that_points_outside_its_folder_is_refused(folder: Path) -> None:
    edit_card(folder, sha256={**read_card(folder).sha256, "../secret": "0" * 64})
    with pytest.raises(EncoderError, match="outside its folder"):
        Encoder.load(folder)


def test_a_name_that_is_no_folder_says_what_to_give() -> None:
    with pytest.raises(EncoderError, match="no such folder; give a folder"):
        Encoder.load("nowhere")
    with pytest.raises(EncoderError, match="no such folder"):
        Encoder.load(Path("owner/name"))


def test_a_hub_id_is_fetched_at_its_revision(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    asked = fake_hub(monkeypatch, folder)
    assert find_encoder("owner/name@v1") == folder
    assert asked["repository"] == "owner/name"
    assert asked["revision"] == "v1"


def test_an_unreachable_hub_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_hub(monkeypatch, ConnectionError("no route"))
    with pytest.raises(EncoderError, match=r"owner/name: cannot be fetched .*no route.*folder"):
        Encoder.load("owner/name")


def test_a_missing_hub_client_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(EncoderError, match="pip install huggingface_hub"):
        Encoder.load("owner/name")
