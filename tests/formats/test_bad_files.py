"""Files that are no text, no JSON, too deep, too long or without end: a clear word for each format.

Whatever lies in the place of a file of any format, an import says file, line and what to do, or
reads it with every line accounted for; it never crashes, waits or fills the memory.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import SkillError
from sayso.formats.known import import_skills
from tests.formats import test_thingpedia
from tests.formats.foreign import put
from tests.formats.test_any_damage import ABOUT, ALICE, DATASET, HOME
from tests.formats.test_any_input import GOOD as OTHERS

MODELS = "skill-package/interactionModels/custom"
SPOKEN = {"invocationName": "night light", "intents": [{"name": "Glow", "samples": ["glow"]}]}
NLU = "nlu:\n- intent: greet\n  examples: |\n    - hello\n"
GOOD: Mapping[str, Mapping[str, Any]] = {
    **OTHERS,
    "alexa": {f"{MODELS}/en-US.json": {"interactionModel": {"languageModel": SPOKEN}}},
    "home-assistant": {"custom_sentences/en/x.yaml": json.dumps(HOME)},
    "ovos": {"locale/en-us/glow.intent": "glow\n", "locale/en-us/skill.json": ABOUT},
    "rasa": {"domain.yml": "intents: [greet]\n", "data/nlu.yml": NLU},
    "rasa 1": {"data/nlu.md": "## intent:greet\n- hello\n"},
    "snips": {"d.json": DATASET},
    "snips alice": {"dialogTemplate/en.json": ALICE},
    "thingpedia": {x: y for x, y in test_thingpedia.FILES.items() if not x.endswith(".md")},
}
FILES = [
    (kind, name)
    for kind, files in GOOD.items()
    for name in files
    if not name.endswith((".md", ".ts")) or name == "data/nlu.md"
]
# What a file is damaged to, and what the error says where the file has to be JSON.
DEEP = b"[" * 100_000
ALIASES = b"a: &a [1,1,1,1,1,1,1,1,1,1]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10)) for n in range(9)
)
BAD: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", "mend the JSON"),
    "NUL bytes": (b"\0" * 100, "mend the JSON"),
    "other letters": (b'{"a": 1,\n"b": "\xe9"}', "not UTF-8; save the file as UTF-8"),
    "two bytes a letter": ('{"a": 1}'.encode("utf-16"), "not UTF-8; save the file as UTF-8"),
    "nesting": (DEEP, "nested too deep for a skill; is it the right file?"),
    "digits": (b'{"a": ' + b"9" * 10**6 + b"}", "a number of 1000000 digits; mend the JSON"),
    "a large number": (b'{"a": 1e999}', "1e999 is too large a number; mend the JSON"),
    "aliases": (ALIASES, "mend the JSON"),
    "one long line": (b"a" * 2_000_000, "mend the JSON"),
    "half a letter": (b'{"a": "\\ud800"}', ""),
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(("kind", "name"), FILES)
def test_bad_content_is_refused_or_accounted_for(
    kind: str, name: str, bad: str, tmp_path: Path
) -> None:
    content, problem = BAD[bad]
    put(tmp_path, {**GOOD[kind], name: content})
    try:
        _, found = import_skills(tmp_path, kind.split()[0])
    except SkillError as error:
        told = str(error)
    else:
        assert {*found.accounts, *found.unused} == {*GOOD[kind]}
        assert all(account.adds_up for account in found.accounts.values())
        told = found.unused.get(name, "")
        problem = problem if told.startswith("cannot be read") else ""
    if name.endswith(".json"):
        assert problem in told
        if problem:
            assert re.search(rf"{re.escape(name)}:\d+: ", told)


@pytest.mark.parametrize(
    ("content", "line"),
    [(b'{"a": 1,\n "b": 2,\n "c": "\xe9"}', 3), (b'{"a": 1,\n "b": }', 2), (b'{\n"a": 1e400}', 1)],
)
def test_the_line_of_a_mistake_is_told(content: bytes, line: int, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(SkillError, match=rf"model.json:{line}: "):
        import_skills(tmp_path / "model.json")


def test_a_folder_of_no_format_tells_of_the_file_that_nobody_can_read(tmp_path: Path) -> None:
    with pytest.raises(SkillError) as caught:
        import_skills(put(tmp_path, {"d.json": "{", "notes.txt": "x"}))
    broken, unknown = caught.value.problems
    assert "d.json:1: " in broken
    assert "of no format that Sayso reads" in unknown


def test_a_file_beside_the_skill_that_nobody_can_read_is_told_as_such(tmp_path: Path) -> None:
    files = {**GOOD["alexa"], "package.json": "{,}", "setup.yaml": "a: [b", "a.md": b"\xff"}
    _, found = import_skills(put(tmp_path, files))
    assert all(found.unused[name].startswith("cannot be read: ") for name in found.unused)
    assert re.search(r"package.json:1: .*; mend the JSON", found.unused["package.json"])


def circle(kind: str) -> Mapping[str, Any]:
    """Rules or types that use themselves; Home Assistant's are in its own tests."""
    return {
        "ovos": {
            "locale/en-us/glow.intent": "glow <a>\nshine\n",
            "locale/en-us/a.voc": "<b>\n",
            "locale/en-us/b.voc": "x <a>\n",
        },
        "dialogflow": {
            **OTHERS["dialogflow"],
            "entities/one.json": {"name": "one", "isEnum": False},
            "entities/one_entries_en.json": [{"value": "@two:two", "synonyms": ["@two:two"]}],
            "entities/two.json": {"name": "two", "isEnum": False},
            "entities/two_entries_en.json": [{"value": "@one:one", "synonyms": ["@one:one"]}],
        },
        "openapi": {
            "x.yaml": "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /x:\n    get:\n"
            "      parameters: [{name: q, in: query, schema: {$ref: '#/components/schemas/A'}}]\n"
            "      responses: {}\ncomponents:\n  schemas:\n"
            "    A: {$ref: '#/components/schemas/B'}\n    B: {$ref: '#/components/schemas/A'}\n"
        },
    }[kind]


@pytest.mark.parametrize("kind", ["ovos", "dialogflow", "openapi"])
def test_what_uses_itself_ends(kind: str, tmp_path: Path) -> None:
    put(tmp_path, circle(kind))
    _, found = import_skills(tmp_path, kind)
    assert found.accounting.adds_up
    if kind == "ovos":
        why = {line.what: line.note for line in found.accounting.skipped}
        assert "a rule uses itself (<a> -> <b> -> <a>)" in why["glow <a>"]


LONG = "(a|b|c|d|e|f|g|h)" * 11
BILLIONS: Mapping[str, Mapping[str, Any]] = {
    "ovos": {"locale/en-us/glow.intent": f"say {LONG}\n"},
    "leon": {"config/en.json": {"actions": {"a": {"utterance_samples": ["say " + LONG.translate(
        str.maketrans("()", "[]"))]}}}},
    "home-assistant": {"custom_sentences/en/x.yaml": json.dumps(
        {"language": "en", "intents": {"Say": {"data": [{"sentences": [f"say {LONG}"]}]}}})},
}  # fmt: skip


@pytest.mark.parametrize("kind", BILLIONS)
def test_a_template_of_billions_is_sampled(kind: str, tmp_path: Path) -> None:
    _, found = import_skills(put(tmp_path, BILLIONS[kind]), kind)
    (skill,) = found.skills
    assert 0 < len(skill.languages[0].intents[0].samples) <= 100


CHILD = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
from pathlib import Path
from sayso.errors import SkillError
from sayso.formats.known import import_skills
try:
    import_skills(Path(sys.argv[1]))
except SkillError as error:
    print("refused:", str(error)[-200:])
else:
    print("read")
"""
GIGABYTE = 1024**3


def packed(path: Path, **files: int) -> Path:
    """A zip with files of so many blanks: it weighs a thousandth of them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, size in files.items():
            with out.open(f"{name}.json", "w", force_zip64=True) as file:
                for _ in range(size // 2**20):
                    file.write(b" " * 2**20)
    return path


def bombs(folder: Path) -> Mapping[str, Path]:
    """What would take many gigabytes, were it read as it asks to be."""
    flat = folder / "flat"
    put(flat, {f"{MODELS}/en-US.json": b'{"intents": [' + b"[]," * 15_000_000 + b"1]}"})
    texts = folder / "texts"
    put(texts, {f"{MODELS}/en-US.json": b'{"intents": [' + b"1," * 25_000_000 + b"1]}"})
    lines = folder / "lines"
    put(lines, {"locale/en-us/a.intent": b"(" * 60 * 2**20})
    rasa = folder / "rasa"
    put(rasa, {"data/nlu.yml": NLU.encode() + b"x:\n" + b"- [[]]\n" * 6_000_000})
    documents = folder / "documents"
    put(documents, {"d.yaml": b"---\ntype: intent\nname: a\n" * 60_000})
    home = folder / "home"
    put(home, {"custom_sentences/en/x.yaml": b"language: en\nx:\n" + b"- [[]]\n" * 6_000_000})
    within = folder / "within"
    put(within, {f"{MODELS}/en-US.json": b'{"intents": [' + b"[7]," * 900_000 + b"1]}"})
    long = folder / "long"
    put(long, {f"{MODELS}/en-US.json": b'{"intents": [' + b"1," * 1_900_000 + b"1]}"})
    return {
        "lists, as many as may be": within,
        "numbers, as many as may be": long,
        "a file of gigabytes": packed(folder / "one.zip", model=3 * 1024 * 2**20),
        "many large files": packed(folder / "many.zip", **{f"m{n}": 60 * 2**20 for n in range(40)}),
        "millions of lists": flat,
        "millions of numbers": texts,
        "one line of brackets": lines,
        "YAML of millions of parts": rasa,
        "sentences of millions of parts": home,
        "thousands of documents": documents,
    }


@pytest.mark.slow
def test_no_archive_fills_the_memory(tmp_path: Path) -> None:
    """Each is read by a process that may take two gigabytes of addresses and two minutes."""
    for name, path in bombs(tmp_path).items():
        child = subprocess.run(
            [sys.executable, "-c", CHILD, str(path), str(2 * GIGABYTE)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert child.returncode == 0, (name, child.stderr[-500:])
        assert child.stdout.startswith(("refused:", "read")), name
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert peak < 2 * GIGABYTE
