"""Skills' modules: apart from each other, and loaded anew when edited."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sayso.fulfilment import Backends
from sayso.types.skills import Skill
from tests.fulfilment.skills import LAUNCH, context, python_skill, write

IMPORTS = """
from words import word
def handle(request):
    import later
    return word + later.word
"""


def say(backends: Backends, skill: Skill) -> str:
    answer = backends.answer(skill, LAUNCH, context())
    assert answer.failure is None
    return answer.speech


def test_two_skills_with_the_same_module_names_do_not_meet(tmp_path: Path) -> None:
    one = python_skill(tmp_path / "1", IMPORTS, id="one", words="word = 'a'", later="word = 'b'")
    two = python_skill(tmp_path / "2", IMPORTS, id="two", words="word = 'c'", later="word = 'd'")
    with Backends(home=tmp_path, workers=1) as backends:
        said = [say(backends, skill) for skill in (one, two, one, two)]
    assert said == ["ab", "cd", "ab", "cd"]


def test_a_module_named_as_an_installed_one_is_the_skills_own(tmp_path: Path) -> None:
    plain = python_skill(
        tmp_path / "1",
        "import yaml\ndef handle(r): return yaml.__name__ + str(hasattr(yaml, 'load'))",
    )
    own = python_skill(
        tmp_path / "2", "import yaml\ndef handle(r): return yaml.word", id="own", yaml="word = 'x'"
    )
    with Backends(home=tmp_path, workers=1) as backends:
        said = [say(backends, skill) for skill in (plain, own, plain, own)]
    assert said == ["yamlTrue", "x", "yamlTrue", "x"]


def test_what_a_module_remembers_stays_until_it_is_edited(tmp_path: Path) -> None:
    source = "from counter import calls\ndef handle(r): calls.append(1); return str(len(calls))"
    skill = python_skill(tmp_path / "s", source, counter="calls = []")
    with Backends(home=tmp_path, workers=1) as backends:
        assert [say(backends, skill) for _ in range(3)] == ["1", "2", "3"]
        write(tmp_path / "s" / "counter.py", "calls = [1] * 10")
        assert say(backends, skill) == "11"


def test_an_edited_handler_is_loaded_anew_even_within_a_second(tmp_path: Path) -> None:
    with Backends(home=tmp_path, workers=1) as backends:
        for word in ("aa", "bb", "cc"):  # as long as each other, so no stale byte code may pass
            assert (
                say(backends, python_skill(tmp_path / "s", f"def handle(r): return '{word}'"))
                == word
            )
    assert not (tmp_path / "s" / "__pycache__").exists()


def test_a_broken_edit_is_told_and_a_mended_one_runs(tmp_path: Path) -> None:
    skill = python_skill(tmp_path / "s", "def handle(r): return 'one'")
    with Backends(home=tmp_path, workers=1) as backends:
        assert say(backends, skill) == "one"
        write(tmp_path / "s" / "handler.py", "def handle(r) return 'two'")
        assert "SyntaxError" in (backends.answer(skill, LAUNCH, context()).failure or "")
        write(tmp_path / "s" / "handler.py", "def handle(r): return 'two'")
        assert say(backends, skill) == "two"


def test_a_handler_finds_the_files_beside_it(tmp_path: Path) -> None:
    skill = python_skill(tmp_path / "s", "def handle(r): return open('word.txt').read()")
    (tmp_path / "s" / "word.txt").write_text("Beside.")
    before = os.getcwd()
    with Backends(home=tmp_path, workers=1) as backends:
        assert say(backends, skill) == "Beside."
    assert os.getcwd() == before


def test_a_handler_may_extend_its_own_import_path(tmp_path: Path) -> None:
    source = """
    import os, sys
    sys.path.insert(0, os.path.join(os.path.dirname(__file__), "lib"))
    def handle(r):
        import deep
        return deep.word
    """
    one = python_skill(tmp_path / "1", source)
    two = python_skill(tmp_path / "2", source, id="two")
    write(tmp_path / "1" / "lib" / "deep.py", "word = 'one'")
    write(tmp_path / "2" / "lib" / "deep.py", "word = 'two'")
    with Backends(home=tmp_path, workers=1) as backends:
        said = [say(backends, skill) for skill in (one, two, one, two)]
    assert said == ["one", "two", "one", "two"]


def test_folders_may_be_named_from_where_sayso_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = "def handle(r): r.storage['a'] = r.user; return r.storage['a']"
    skills = [python_skill(Path(name), source, id=name) for name in ("one", "two")]
    with Backends(home=Path("home"), workers=1) as backends:
        assert [say(backends, skill) for skill in skills * 2] == ["ana"] * 4
    assert (tmp_path / "home" / "data" / "two" / "storage.db").is_file()
