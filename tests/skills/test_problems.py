from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import SkillError
from sayso.skills import from_json, read_skill
from tests.skills.files import write

HEAD = "intents:\n  Go:\n    samples:\n      - go to {place}\n    slots:\n      place: PLACE\n"
TYPES = "types:\n  PLACE: [here, there]\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD, '6: slot "place" has the undefined type "PLACE"; add it under types:'),
        (
            HEAD + "types: {PLACES: [here]}",
            '6: slot "place" has the undefined type "PLACE"; did you mean "PLACES"?',
        ),
        (
            HEAD.replace("go to", "go {plce} to") + TYPES,
            '4: sample names the slot "plce", which intent "Go" does not declare; '
            'did you mean "place"?',
        ),
        (HEAD.replace("go to", "go} to") + TYPES, "4: a brace that marks no slot; write {name}"),
        (HEAD + TYPES + '"[key]": []', '9: unknown key "[key]"; known here: alexa, description, '),
        (HEAD + TYPES + "zzz: []", '9: unknown key "zzz"; known here: alexa, description, '),
        (
            HEAD.replace("samples:", "smaples:") + TYPES,
            '3: unknown key "smaples"; did you mean "samples"?',
        ),
        (
            HEAD.replace("PLACE\n", "{type: PLACE, requird: true}\n") + TYPES,
            '6: unknown key "requird"; did you mean "required"?',
        ),
        (HEAD + TYPES + "fulfilment: {pyhton: a:b}", '9: unknown key "pyhton"; did you mean'),
        (HEAD.replace("PLACE\n", "{required: true}\n") + TYPES, '6: "type" is missing; add it'),
        (HEAD + TYPES + "types: {}", '9: "types" stands here a second time (first on line 7)'),
        (
            HEAD + "types:\n  PLACE:\n    - {value: a, id: x}\n    - {value: b, id: x}",
            '10: id "x" is taken; give each value its own',
        ),
        (HEAD + TYPES + "  EMPTY:\n", '9: "EMPTY" is empty; write `key: value` pairs below it'),
        (HEAD + TYPES + "  EMPTY: {}\n", '9: type "EMPTY" has no values; add some'),
        (HEAD + TYPES + "id: Not An Id", '9: "id" may not be "Not An Id"; use letters'),
        (
            HEAD + TYPES + "locale: english",
            '9: an item of "locale" may not be "english"; write a locale such as',
        ),
        (
            HEAD + TYPES + "fulfilment:\n  python: handler:handle\n  https: https://example.org\n",
            "11: several fulfilments (python, https); keep one",
        ),
        (
            HEAD + TYPES + "fulfilment: {python: handler.py}",
            '9: "python" may not be "handler.py"; write module:callable, such as handler:handle',
        ),
        (HEAD + TYPES + "fulfilment: {timeout_s: soon}", '9: "timeout_s": input should be a valid'),
        ("intents:\n  Go:\n", '2: intent "Go" has no samples; add some, or "samples: []"'),
        (
            "intents:\n  Go:\n    - ''\n",
            '3: an item of "samples" is empty; write a text or remove it',
        ),
        (
            "intents:\n  Go:\n    -\n",
            '3: an item of "samples" is empty, not a text; put the text in quotes',
        ),
        (
            "intents:\n  Go:\n    - tell me: now\n",
            '3: an item of "samples" is a mapping, not a text; put the text',
        ),
        ("intents:\n  - {name: A, samples: [a]}\n  - {name: A, samples: [b]}\n", '3: "A" stands'),
        ("intents:\n  - samples: [a]\n", "2: one of the intents has no name; add name:"),
        ("name: x\n", "1: there are no intents; add one under intents:"),
        ("- a\n", "1: no skill; write `key: value` pairs"),
        ("", "1: no skill; write `key: value` pairs"),
        ("a: b\n\tc: d", "2: found a tab character that violates indentation; indent with spaces"),
        ("intents: {A: [go]}\n---\nintents: {}\n", "2: a second document; keep one skill in a"),
        ("intents: !!python/object:os.system {}", "1: the tag tag:yaml.org,2002:python/object"),
        ("intents: {A: [go]}\nname: \x07", "2: an unprintable character; delete it"),
        ("? [a]\n: b\n", "1: a key that is no text"),
        ("a: *b\n", "1: *b stands for nothing; define &b"),
        ("[" * 100_000, "1: nested deeper than 64"),
    ],
)
def test_mistake_is_named_with_line_and_remedy(tmp_path: Path, text: str, problem: str) -> None:
    file = write(tmp_path, "trip/skill.yaml", text)
    with pytest.raises(SkillError) as caught:
        read_skill(file)
    assert any(found.startswith(f"{file}:{problem}") for found in caught.value.problems), (
        caught.value.problems
    )


def test_all_mistakes_of_a_file_are_told_in_order(tmp_path: Path) -> None:
    text = "nam: x\n" + HEAD.replace("to {place}", "to {plaec}") + "locale: [xx, en-US, en-US]\n"
    with pytest.raises(SkillError) as caught:
        read_skill(write(tmp_path, "trip/skill.yaml", text))
    lines = [problem.split(":")[1] for problem in caught.value.problems]
    assert lines == ["1", "5", "7", "8"]


def test_mistakes_beside_the_skill_are_named_with_their_own_file(tmp_path: Path) -> None:
    write(tmp_path, "trip/skill.yaml", HEAD + TYPES)
    beside = write(tmp_path, "trip/de-DE.yaml", "intents:\n  Go: []\nid: x\n")
    with pytest.raises(SkillError) as caught:
        read_skill(tmp_path / "trip")
    assert [problem.split("; ")[0] for problem in caught.value.problems] == [
        f'{beside}:3: unknown key "id"'
    ]


def test_aliases_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(SkillError, match="more than 5000000 parts"):
        read_skill(write(tmp_path, "bomb/skill.yaml", "\n".join(lines)))


def test_mistakes_in_json_name_the_field() -> None:
    doc = {"id": "trip", "intents": {"Go": {"samples": ["go {x}", 5]}}, "fulfilment": {"url": ""}}
    with pytest.raises(SkillError) as caught:
        from_json(doc)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "fulfilment.url",
        "intents.Go.samples[0]",
        "intents.Go.samples[1]",
    ]


def test_a_skill_without_an_id_is_refused() -> None:
    with pytest.raises(SkillError, match='id: "" is no id; use letters'):
        from_json({"intents": {"A": ["go"]}})
