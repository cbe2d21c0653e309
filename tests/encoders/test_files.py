"""Where encoders are found, and which ones are refused."""

import json
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from sayso.encoders import Encoder
from sayso.encoders.files import CARD, MODEL, TOKENIZER, find_encoder, read_card
from sayso.errors import EncoderError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the packaged encoder that a test may spoil."""
    return Path(shutil.copytree(find_encoder(None), tmp_path / "encoder"))


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
    assert encoder.name == card.name == "all-minilm-l6-v2-int8"
    assert encoder.dimension == 384
    assert encoder.fingerprint == card.sha256[MODEL]
    assert {MODEL, TOKENIZER, "LICENSE", "NOTICE"} == set(card.sha256)


def test_a_folder_elsewhere_loads_with_the_same_fingerprint(folder: Path) -> None:
    assert Encoder.load(folder).fingerprint == Encoder.load(str(folder)).fingerprint


@pytest.mark.parametrize("name", [MODEL, TOKENIZER])
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


def test_a_file_that_matches_its_checksum_but_is_no_model_is_refused(folder: Path) -> None:
    (folder / MODEL).write_bytes(b"")
    digests = dict(read_card(folder).sha256)
    digests[MODEL] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    edit_card(folder, sha256=digests)
    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder.load(folder)


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=rf"{CARD}: cannot be read .*make_encoder"):
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
