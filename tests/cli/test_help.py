"""What the command line says of itself, and how little it loads to say it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from sayso.cli.app import app
from sayso.cli.skills import skills
from tests.cli.conftest import Sayso, shell

HEAVY = ("numpy", "onnxruntime", "sqlalchemy", "fastapi", "pydantic", "yaml", "lark")
NEVER = ("torch", "transformers", "pandas", "pyarrow", "sklearn")


def loaded(code: str) -> set[str]:
    code = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_names_every_verb_and_where_to_begin() -> None:
    result = shell("--help")
    assert result.code == 0
    commands, groups = app.registered_commands, app.registered_groups
    for name in [verb.name for verb in commands] + [group.name for group in groups]:
        assert f" {name} " in result.out
    assert "sayso demo" in result.out


@pytest.mark.parametrize("verb", app.registered_commands, ids=lambda verb: verb.name)
def test_help_of_a_verb_has_an_example_and_json(verb: object, sayso: Sayso) -> None:
    name = getattr(verb, "name", "")
    result = sayso(name, "--help")
    assert result.code == 0
    assert f"Example: sayso {name} " in result.out
    assert "--json" in result.out


@pytest.mark.parametrize("verb", skills.registered_commands, ids=lambda verb: verb.name)
def test_help_of_a_verb_of_skills_has_an_example_and_json(verb: object, sayso: Sayso) -> None:
    name = getattr(verb, "name", "")
    result = sayso("skills", name, "--help")
    assert result.code == 0
    assert f"Example: sayso skills {name} " in result.out
    assert "--json" in result.out


def test_help_loads_nothing_heavy() -> None:
    code = "from sayso.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert not loaded(code) & {*HEAVY, *NEVER}


def test_importing_sayso_loads_nothing_heavy() -> None:
    assert not loaded("import sayso") & {*HEAVY, *NEVER, "typer", "rich"}


def test_serving_loads_no_library_of_training_and_evaluation() -> None:
    code = "import sayso.cli.app, sayso.runtime.home, sayso.server.worker"
    assert not loaded(code) & set(NEVER)


def test_a_misspelt_verb_or_option_is_exit_code_2(sayso: Sayso) -> None:
    for arguments in (["trian"], ["train"], ["say", "home", "hi", "--usr", "ana"]):
        assert sayso(*arguments).code == 2
