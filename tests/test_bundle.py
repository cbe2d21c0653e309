"""A trained folder: whole or not at all, and the version before serves until the new one is."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sayso import bundle
from sayso.bundle import Bundle, Packed, Part
from sayso.bundle.segments import Segment
from sayso.bundle.tensors import pack, unpack
from sayso.bundle.writing import _prune
from sayso.errors import BundleError

ROUTING = {"weights": {"cosine": 9.0}, "none": 5.0}
ENCODER = {"name": "minilm", "fingerprint": "f" * 64}


def part(skill: str = "timer", version: str = "v1", size: int = 12) -> Part:
    """A skill at rest; its arrays follow from its version."""
    rng = np.random.default_rng(sum(map(ord, skill + version)))
    tensors: dict[str, NDArray[Any]] = {
        "heads": rng.normal(size=(size, 3)).astype(np.float32),
        "examples": rng.normal(size=(size,)).astype(np.float16),
        "classes": rng.integers(0, 9, size=(size, 2)),
    }
    packed = Packed(tensors, {"intents": ["Set", "Stopp-Ä"], "prior": 0.5})
    return Part(skill, version, {"id": skill, "name": "Timer é"}, {"en-US": packed})


def write(folder: Path, parts: Iterable[Part], keep: int = 3) -> Path:
    return bundle.write(
        folder,
        parts,
        engine="shared",
        encoder=ENCODER,
        routing=ROUTING,
        written_by="0.1.0",
        keep=keep,
    )


def versions_of(found: Bundle) -> dict[str, str]:
    return {name: each.version for name, each in found.parts.items()}


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.skills"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "versions").iterdir())


def assert_same(left: Packed, right: Packed) -> None:
    assert left.settings == right.settings
    assert left.tensors.keys() == right.tensors.keys()
    for name, array in left.tensors.items():
        assert array.dtype == right.tensors[name].dtype
        np.testing.assert_array_equal(array, right.tensors[name])


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    parts = [part("timer"), part("alarm")]
    folder = write(tmp_path, parts)
    found = bundle.read(tmp_path)
    assert found.folder == folder == bundle.current(tmp_path)
    assert found.manifest.engine == "shared"
    assert found.manifest.encoder == ENCODER
    assert found.manifest.routing == ROUTING
    assert found.manifest.written_by == "0.1.0"
    assert found.manifest.version == folder.name
    for wanted in parts:
        read = found.parts[wanted.skill]
        assert (read.version, read.definition) == (wanted.version, wanted.definition)
        assert_same(read.locales["en-US"], wanted.locales["en-US"])


@given(
    st.dictionaries(
        st.text(max_size=8),
        st.one_of(st.none(), st.booleans(), st.text(), st.integers()),
        max_size=4,
    )
)
def test_any_settings_of_a_model_survive_packing(settings: dict[str, object]) -> None:
    packed = Packed({"a": np.zeros((2, 0), np.float32)}, settings)
    assert_same(unpack(pack(packed)), packed)


def test_arrays_that_are_views_are_packed_as_they_look() -> None:
    table = np.arange(12, dtype=np.float32).reshape(3, 4)
    packed = Packed({"turned": table.T, "every_other": table[:, ::2]})
    assert_same(unpack(pack(packed)), packed)


def test_a_skill_speaks_several_locales(tmp_path: Path) -> None:
    one = part().locales["en-US"]
    both = Part("timer", "v1", {}, {"en-US": one, "de-DE": Packed({}, {"n": 1})})
    write(tmp_path, [both])
    read = bundle.read(tmp_path).parts["timer"]
    assert set(read.locales) == {"en-US", "de-DE"}
    assert read.locales["de-DE"].settings == {"n": 1}


def test_a_bundle_without_skills_is_a_bundle(tmp_path: Path) -> None:
    write(tmp_path, [])
    assert bundle.read(tmp_path).parts == {}


def test_skill_ids_that_begin_alike_are_kept_apart(tmp_path: Path) -> None:
    write(tmp_path, [part("timer"), part("timer.pro"), part("time")])
    assert set(bundle.read(tmp_path).parts) == {"timer", "timer.pro", "time"}


def test_a_skill_without_a_model_in_any_locale_survives(tmp_path: Path) -> None:
    write(tmp_path, [Part("timer", "v1", {"id": "timer"}, {})])
    assert bundle.read(tmp_path).parts["timer"].locales == {}


def test_equal_skills_stay_in_the_segment_that_has_them(tmp_path: Path) -> None:
    big = part("timer", size=5000)
    before = write(tmp_path, [big, part("alarm")])
    after = write(tmp_path, [big, part("alarm", "v2")])
    assert segments(before)[0].samefile(segments(after)[0])
    assert [path.name for path in segments(after)] == ["000001.skills", "000002.skills"]
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v1", "alarm": "v2"}


def test_a_damaged_segment_is_not_carried_over_into_the_next_version(tmp_path: Path) -> None:
    before = write(tmp_path, [part()])
    damage(segments(before)[0])
    write(tmp_path, [part()])
    assert_same(bundle.read(tmp_path).parts["timer"].locales["en-US"], part().locales["en-US"])


def test_a_deleted_segment_does_not_stop_the_next_version(tmp_path: Path) -> None:
    segments(write(tmp_path, [part()]))[0].unlink()
    write(tmp_path, [part()])
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v1"}


def test_a_change_puts_one_skill_and_leaves_the_others_where_they_are(tmp_path: Path) -> None:
    before = write(tmp_path, [part(f"s{i}") for i in range(20)])
    after = bundle.change(tmp_path, put=[part("new")])
    found = bundle.read(tmp_path)
    assert set(found.places) == {"new", *(f"s{i}" for i in range(20))}
    assert segments(before)[0].samefile(segments(after)[0])
    assert segments(after)[1].stat().st_size < 1200
    assert found.manifest.encoder == ENCODER
    assert found.manifest.routing == ROUTING


def test_a_change_replaces_and_removes(tmp_path: Path) -> None:
    write(tmp_path, [part("timer"), part("alarm"), part("lights")])
    bundle.change(tmp_path, put=[part("timer", "v2")], remove=["alarm"])
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v2", "lights": "v1"}
    bundle.change(tmp_path, remove=["timer", "lights", "nobody"])
    assert versions_of(bundle.read(tmp_path)) == {}


def test_a_change_of_nothing_that_was_trained_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="run: sayso train"):
        bundle.change(tmp_path, put=[part()])


def test_many_changes_leave_few_segments_and_no_dead_weight(tmp_path: Path) -> None:
    write(tmp_path, [])
    for i in range(40):
        bundle.change(tmp_path, put=[part(f"s{i:02}"), part("again", f"v{i}")])
    found = bundle.read(tmp_path)
    assert len(found.places) == 41
    assert len(found.segments) <= 6
    alive = sum(place.length for place in found.places.values())
    assert sum(path.stat().st_size for path in segments(found.folder)) < 2 * alive


def test_a_damaged_skill_is_not_moved_into_another_segment(tmp_path: Path) -> None:
    damage(segments(write(tmp_path, [part("timer")]))[0])
    with pytest.raises(BundleError, match=r"000001\.skills: skill timer: damaged"):
        bundle.change(tmp_path, put=[part("alarm")])


def test_files_checked_before_are_not_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, [part(f"s{i}") for i in range(20)])
    known = bundle.read(tmp_path)
    bundle.change(tmp_path, put=[part("new")])
    checked = []
    monkeypatch.setattr(Segment, "sha256", lambda self: checked.append(self.path.name))
    with pytest.raises(BundleError, match="000002"):
        bundle.read(tmp_path, known)
    assert checked == ["000002.skills"]


def test_a_bundle_stays_readable_after_its_version_was_pruned(tmp_path: Path) -> None:
    write(tmp_path, [part("timer", "v0")])
    old = bundle.read(tmp_path)
    for i in range(1, 5):
        write(tmp_path, [part("timer", f"v{i}")])
    assert not old.folder.exists()
    assert_same(old.stored("timer").store("en-US"), part("timer", "v0").locales["en-US"])


def test_a_definition_keeps_the_order_in_which_it_was_written(tmp_path: Path) -> None:
    # Slots are asked for in this order.
    slots: dict[str, Any] = {"restaurant": {}, "people": {}, "date": {}}
    written = replace(part(), definition={"slots": slots})
    write(tmp_path, [written])
    found = bundle.read(tmp_path)
    assert [*found.stored("timer").definition()["slots"]] == [*slots]


def test_pieces_are_read_one_by_one(tmp_path: Path) -> None:
    model, shown = part().locales["en-US"], Packed({"vectors": np.ones((2, 4), np.int8)})
    write(tmp_path, [Part("timer", "v1", {"id": "timer"}, {"en-US": model}, {"en-US": shown})])
    stored = bundle.read(tmp_path).stored("timer")
    assert stored.locales() == ("en-US",)
    assert stored.definition() == {"id": "timer"}
    assert_same(stored.store("en-US"), model)
    assert_same(stored.examples("en-US"), shown)
    assert stored.part().examples.keys() == {"en-US"}
    with pytest.raises(BundleError, match="it has no de-DE/store"):
        stored.store("de-DE")


def test_vectors_of_descriptions_are_kept_where_there_are_any(tmp_path: Path) -> None:
    told = Packed({"keys": np.arange(3, dtype=np.uint64), "vectors": np.ones((3, 8), np.int8)})
    write(tmp_path, [replace(part("tools"), descriptions={"en-US": told}), part("timer")])
    found = bundle.read(tmp_path)
    assert_same(found.stored("tools").descriptions("en-US"), told)
    assert_same(found.parts["tools"].descriptions["en-US"], told)
    # As in a bundle of before there were any.
    assert found.stored("timer").descriptions("en-US") == Packed()
    assert found.stored("tools").plain_lengths("en-US")[2] == len(pack(told))
    assert found.stored("timer").plain_lengths("en-US")[2] == 0


def test_the_stamp_changes_with_the_version_that_serves(tmp_path: Path) -> None:
    assert bundle.stamp(tmp_path) == (0, 0)
    write(tmp_path, [part()])
    first = bundle.stamp(tmp_path)
    assert first == bundle.stamp(tmp_path)
    write(tmp_path, [part()])
    assert bundle.stamp(tmp_path) != first


def test_the_last_versions_stay_for_a_way_back(tmp_path: Path) -> None:
    for i in range(5):
        write(tmp_path, [part("timer", f"v{i}")])
    assert [name[:6] for name in names(tmp_path)] == ["000003", "000004", "000005"]
    assert [one.name for one in bundle.versions(tmp_path)] == names(tmp_path)[::-1]
    assert [one.serves for one in bundle.versions(tmp_path)] == [True, False, False]
    bundle.go_back(tmp_path, names(tmp_path)[0])
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v2"}


def test_without_a_name_the_way_back_goes_step_by_step(tmp_path: Path) -> None:
    for i in range(3):
        write(tmp_path, [part("timer", f"v{i}")])
    first, second, _ = names(tmp_path)
    assert bundle.go_back(tmp_path) == second
    assert bundle.go_back(tmp_path) == first
    with pytest.raises(BundleError, match="no version before the one that serves"):
        bundle.go_back(tmp_path)
    assert bundle.current(tmp_path).name == first


def test_what_is_written_after_going_back_is_the_newest(tmp_path: Path) -> None:
    for i in range(3):
        write(tmp_path, [part("timer", f"v{i}")])
    bundle.go_back(tmp_path)
    bundle.change(tmp_path, [part("radio", "v0")])
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v1", "radio": "v0"}
    assert bundle.versions(tmp_path)[0].serves
    assert bundle.versions(tmp_path)[0].skills == 2


def test_there_is_a_way_back_from_a_version_that_cannot_be_read(tmp_path: Path) -> None:
    whole = write(tmp_path, [part("timer", "v0")])
    serving = write(tmp_path, [part("timer", "v1")])
    (serving / "index").unlink()
    assert [one.name for one in bundle.versions(tmp_path)] == [whole.name]
    assert bundle.go_back(tmp_path) == whole.name
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v0"}


def test_a_version_that_is_damaged_or_not_there_is_not_gone_back_to(tmp_path: Path) -> None:
    damaged = write(tmp_path, [part("timer", "v0")])
    serving = write(tmp_path, [part("timer", "v1")])
    with pytest.raises(BundleError, match=f"has no version.*there are: {serving.name}, "):
        bundle.go_back(tmp_path, "../../etc")
    segment = next(damaged.glob("*.skills"))
    content = segment.read_bytes()
    segment.unlink()  # the next version may link it
    segment.write_bytes(content[:-1] + b"?")
    with pytest.raises(BundleError, match="checksum"):
        bundle.go_back(tmp_path)
    assert bundle.current(tmp_path) == serving


def test_pruning_keeps_the_version_that_serves(tmp_path: Path) -> None:
    first = write(tmp_path, [part("timer", "v0")])
    for i in range(1, 4):
        write(tmp_path, [part("timer", f"v{i}")])
        bundle.go_back(tmp_path, first.name)
        _prune(tmp_path, keep=1)
        assert first.is_dir()
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v0"}


def test_nothing_trained_yet_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="nothing trained here yet; run: sayso train"):
        bundle.read(tmp_path / "bundle")


@pytest.mark.parametrize("pointer", ["", "000009-deadbeef", "../versions", "/", ".", ".."])
def test_a_pointer_to_nowhere_is_refused(tmp_path: Path, pointer: str) -> None:
    write(tmp_path, [part()])
    (tmp_path / "CURRENT").write_text(pointer)
    with pytest.raises(BundleError, match=r"CURRENT: .*retrain"):
        bundle.read(tmp_path)


def test_a_pointer_that_is_no_text_is_refused(tmp_path: Path) -> None:
    write(tmp_path, [part()])
    (tmp_path / "CURRENT").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BundleError, match="CURRENT"):
        bundle.read(tmp_path)


def damage(path: Path) -> None:
    """Flip one bit in the middle, in a copy: hard links of other versions stay whole."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["000001.skills", "index"])
def test_one_wrong_bit_is_noticed(tmp_path: Path, name: str) -> None:
    damage(write(tmp_path, [part()]) / name)
    with pytest.raises(BundleError, match=f"{name}: does not match its checksum; retrain"):
        bundle.read(tmp_path)


@pytest.mark.parametrize("name", ["000001.skills", "index", "bundle.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (write(tmp_path, [part()]) / name).unlink()
    with pytest.raises(BundleError, match=f"{name}: .*retrain"):
        bundle.read(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "{}",
        '{"format": 2}',
        '{"format": "2"}',
        '{"format": null}',
        '{"format": 2, "more": 2}',
    ],
)
def test_a_damaged_manifest_is_refused_with_a_remedy(tmp_path: Path, content: str) -> None:
    (write(tmp_path, [part()]) / "bundle.json").write_text(content)
    with pytest.raises(BundleError, match=r"bundle\.json: .*retrain with: sayso train"):
        bundle.read(tmp_path)


@pytest.mark.parametrize(
    "wrong", [{"encoder": []}, {"files": 3}, {"routing": {"none": 4.0}}, {"engine": "maxent-crf"}]
)
def test_a_manifest_that_was_changed_is_noticed(tmp_path: Path, wrong: dict[str, object]) -> None:
    path = write(tmp_path, [part()]) / "bundle.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | wrong))
    with pytest.raises(BundleError, match=r"bundle\.json: damaged .*checksum"):
        bundle.read(tmp_path)


def test_a_disk_without_hard_links_gets_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(old: Path, new: Path) -> None:
        raise PermissionError("no hard links here")

    write(tmp_path, [part()])
    monkeypatch.setattr(os, "link", refuses)
    write(tmp_path, [part()])
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v1"}


def test_two_writers_at_once_both_leave_a_version(tmp_path: Path) -> None:
    with start_writer(tmp_path, "a", "once") as one, start_writer(tmp_path, "b", "once") as two:
        outcomes = [writer.communicate()[1] for writer in (one, two)]
    assert outcomes == ["", ""]
    assert [name[:6] for name in names(tmp_path)] == ["000001", "000002"]
    assert len(set(versions_of(bundle.read(tmp_path)).values())) == 1


def test_a_bundle_of_a_newer_sayso_says_to_upgrade(tmp_path: Path) -> None:
    path = write(tmp_path, [part()]) / "bundle.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 4, "shape": "round"}))
    with pytest.raises(BundleError, match=r"format 4 is newer than this Sayso reads .*upgrade"):
        bundle.read(tmp_path)


def test_a_bundle_of_the_first_format_says_to_retrain_and_training_replaces_it(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, [part()]) / "bundle.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 1, "parts": {}}))
    with pytest.raises(BundleError, match=r"format 1 is that of an earlier .*sayso train"):
        bundle.read(tmp_path)
    write(tmp_path, [part("timer", "v2")])
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v2"}


def test_training_goes_on_from_a_damaged_bundle(tmp_path: Path) -> None:
    (write(tmp_path, [part()]) / "bundle.json").write_text("{")
    write(tmp_path, [part("timer", "v2")])
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v2"}


def test_a_failure_half_way_leaves_the_version_before_and_no_litter(tmp_path: Path) -> None:
    write(tmp_path, [part()])

    def breaks() -> Iterator[Part]:
        yield part("timer", "v2")
        raise OSError("the disk is gone")

    with pytest.raises(BundleError, match="the version before still serves"):
        write(tmp_path, breaks())
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v1"}
    assert len(names(tmp_path)) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BundleError, match="could not be written"):
        write(tmp_path / "bundle", [part()])


def test_a_file_in_the_place_of_the_folder_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "bundle").write_text("not a folder")
    with pytest.raises(BundleError, match="could not be written"):
        write(tmp_path / "bundle", [part()])


WRITER = """
import sys
from pathlib import Path
from tests.test_bundle import part, write
from sayso.errors import BundleError
folder, version, forever = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "forever"
print("ready", flush=True)
n = 0
while True:
    try:
        write(folder, [part(s, f"{version}{n}", 20_000) for s in ("timer", "alarm", "lights")])
    except BundleError as error:
        sys.exit(str(error))
    n += 1
    if not forever:
        break
"""


def start_writer(folder: Path, version: str, how_long: str) -> subprocess.Popen[str]:
    root = Path(__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), version, how_long],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), *sys.path])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_full_disk_leaves_the_version_before(tmp_path: Path) -> None:
    write(tmp_path, [part()])
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        for most in (0, 100, 1000, 30_000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, limit[1]))
            with pytest.raises(BundleError, match="the version before still serves"):
                write(tmp_path, [part("alarm", "v2", 10_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, ignored)
    assert versions_of(bundle.read(tmp_path)) == {"timer": "v1"}
    assert len(names(tmp_path)) == 1, "what was half written is gone"


def test_a_kill_at_any_moment_leaves_a_whole_version(tmp_path: Path) -> None:
    write(tmp_path, [part()])
    for i, wait_s in enumerate((0.0, 0.005, 0.02, 0.05, 0.11)):
        with start_writer(tmp_path, f"k{i}.", "forever") as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            threading.Event().wait(wait_s)
            writer.send_signal(signal.SIGKILL)
        found = bundle.read(tmp_path)  # checks every file against its checksum
        assert len(set(versions_of(found).values())) == 1, "skills of two trainings are mixed"


def test_what_a_kill_left_behind_is_swept_up_by_the_next_write(tmp_path: Path) -> None:
    write(tmp_path, [part()])
    litter = tmp_path / "versions" / ".draft-0123"
    (litter / "timer").mkdir(parents=True)
    (litter / "timer" / "skill.json").write_text("{}")
    (tmp_path / ".CURRENT-0123").write_text("half")
    write(tmp_path, [part("timer", "v2")])
    assert not litter.exists()
    assert not (tmp_path / ".CURRENT-0123").exists()


def test_readers_see_whole_versions_while_a_writer_works(tmp_path: Path) -> None:
    write(tmp_path, [part(name, "w") for name in ("timer", "alarm", "lights")])
    seen: list[set[str]] = []
    failures: list[BundleError] = []
    stop = threading.Event()

    def reads() -> None:
        while not stop.is_set():
            try:
                seen.append(set(versions_of(bundle.read(tmp_path)).values()))
            except BundleError as error:
                failures.append(error)

    readers = [threading.Thread(target=reads) for _ in range(2)]
    for reader in readers:
        reader.start()
    for i in range(12):
        write(tmp_path, [part(name, f"w{i}") for name in ("timer", "alarm", "lights")])
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
    assert seen
    assert all(len(versions) == 1 for versions in seen)
