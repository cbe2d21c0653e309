"""Files that no program can read: told as such, and not as files of no use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from sayso.errors import SkillError
from sayso.skills.tree import Tree, read_json, read_yaml_text
from sayso.skills.yaml_lines import DEEPEST

_MOST = 2000  # files that are looked at
_YAML = (".yaml", ".yml")
_BEGIN = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_END = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_ENDINGS = (".json", *_YAML, ".tt", ".intent", ".md")


def damaged(tree: Tree, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """File and problem (`file:line: what; what to do`) of each that is no JSON, YAML, text."""
    looked = [name for name in names if name.lower().endswith(_ENDINGS)]
    for name in looked[:_MOST]:
        try:
            if name.lower().endswith(".json"):
                read_json(tree, name)
            elif name.lower().endswith(_YAML):
                check_yaml(tree, name)
            elif "\0" in tree.text(name):
                raise SkillError(f"{tree.label(name)}:1: a NUL byte, no text; save it as UTF-8")
        except SkillError as error:
            yield name, error.problems[0]


def check_yaml(tree: Tree, name: str) -> None:
    """Raises SkillError for a file that is no YAML; what stands in it is not looked at."""
    text, label, depth = read_yaml_text(tree, name), tree.label(name), 0
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, _BEGIN) - isinstance(event, _END)
            if depth > DEEPEST:  # the parser would take the square of the depth
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise SkillError(f"{label}:{line}: nested deeper than {DEEPEST}; mend the YAML")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SkillError(f"{label}:{line}: {error.problem}; mend the YAML") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SkillError(f"{label}:{line}: an unprintable character; delete it") from None
