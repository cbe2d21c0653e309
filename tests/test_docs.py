"""README and docs say what is so: examples run, generated pages are fresh, links lead somewhere."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
import yaml

from sayso.cli.app import app
from sayso.cli.demo import example_home
from sayso.settings import read_settings

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
MADE = ("settings.md", "cli.md")
HISTORY = ("CHANGELOG.md", "log.md")  # say what was so
OPTIONS = doctest.ELLIPSIS | doctest.FAIL_FAST


def page_id(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> list[str]:
    """Fenced blocks of a page in a language; "" for those that name none."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@cache
def make_docs() -> ModuleType:
    path = ROOT / "scripts" / "make_docs.py"
    spec = importlib.util.spec_from_file_location("make_docs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", MADE)
def test_a_generated_page_is_fresh(name: str) -> None:
    path = ROOT / "docs" / name
    fresh = make_docs().pages()[path] == path.read_text(encoding="utf-8")
    assert fresh, f"docs/{name} is stale; run: python scripts/make_docs.py"


def test_every_setting_stands_in_the_docs() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for heading, rows in make_docs().tables(make_docs().Settings, ""):
        assert heading in page
        assert all(row in page for row in rows)
        assert rows


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        path, _, anchor = target.partition("#")
        if path.startswith(("http:", "https:")):
            continue
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{page_id(page)}: {target} leads nowhere"
        if anchor:
            assert anchor in anchors(there), f"{page_id(page)}: {target} has no such heading"


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def shell_lines(page: Path) -> list[list[str]]:
    """Words of each `sayso ...` command in a page's shell blocks, comments left out."""
    text = "\n".join([*blocks(page, ""), *blocks(page, "sh"), *blocks(page, "bash")])
    commands = [part for line in text.splitlines() for part in re.split(r"&&|\|", line)]
    words = [
        shlex.split(command, comments=True)
        for command in commands
        if re.match(r"\s*sayso [a-z-]", command)
    ]
    return [line for line in words if len(line) > 1]


@cache
def verbs() -> dict[str, Any]:
    """Verb, or group and verb -> its command."""
    return dict(make_docs().commands(typer.main.get_command(app)))


def options(verb: str) -> set[str]:
    return {name for x in verbs()[verb].params for name in (*x.opts, *x.secondary_opts)}


def check_command(words: list[str], where: str) -> None:
    """Fails for a verb or an option that `sayso` does not have."""
    name = next((name for name in (words[1], " ".join(words[1:3])) if name in verbs()), None)
    assert name is not None, f"{where}: there is no `{' '.join(words)}`"
    for word in words[2:]:
        if word.startswith("--"):
            assert word.split("=")[0] in options(name), f"{where}: no {word} in `sayso {name}`"


def prose(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_command_in_the_docs_is_one(page: Path) -> None:
    for words in shell_lines(page):
        check_command(words, page_id(page))
    groups = {verb.split()[0] for verb in verbs() if " " in verb}
    for command in re.findall(r"`(sayso [a-z][^`\n]*)`", prose(page)):
        words = command.split()
        # A group alone, or several of its verbs.
        if words[1] not in groups or not (len(words) == 2 or "," in command):
            check_command(words, page_id(page))


@pytest.mark.parametrize("page", [x for x in PAGES if x.name not in HISTORY], ids=page_id)
def test_every_option_in_the_prose_is_one_of_a_verb_or_of_a_script(page: Path) -> None:
    known = {option for verb in verbs() for option in options(verb)} | {"--help"}
    for option in set(re.findall(r"`(--[a-z][a-z-]*)\b", prose(page))) - known:
        there = f'"{option}"' in scripts()
        assert there, f"{page_id(page)}: nothing has an option {option}"


@cache
def scripts() -> str:
    """The source of what is run by hand."""
    files = [*ROOT.glob("benchmarks/**/*.py"), *ROOT.glob("scripts/*")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


def test_every_command_that_a_message_names_is_one() -> None:
    groups = {verb.split()[0] for verb in verbs()}
    for file in sorted((ROOT / "src").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        for verb in set(re.findall(r"(?:run|with|see|on|first): sayso ([a-z-]+)", text)):
            assert verb in groups, f"{file.relative_to(ROOT)}: there is no `sayso {verb}`"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_what_python_in_the_docs_imports_is_there(page: Path) -> None:
    for block in blocks(page, "py(?:thon)?"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sayso"):
                module = importlib.import_module(node.module or "")
                for each in node.names:
                    there = hasattr(module, each.name)
                    assert there, f"{page_id(page)}: {node.module} has no {each.name}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_data_in_the_docs_can_be_read(page: Path, tmp_path: Path) -> None:
    for block in blocks(page, "json"):
        json.loads(block)
    for block in blocks(page, "yaml"):
        assert all(document is not None for document in yaml.safe_load_all(block))
    for number, block in enumerate(blocks(page, "toml")):
        home = tmp_path / str(number)
        home.mkdir()
        (home / "sayso.toml").write_text(block, encoding="utf-8")
        read_settings(home)


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_script_in_the_docs_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    modules = re.findall(r"-m benchmarks\.([a-z]\w*)", text)
    named = [f"benchmarks/{module}.py" for module in modules]
    for name in [*named, *re.findall(r"\b(?:scripts|benchmarks)/\w+\.py\b", text)]:
        there = (ROOT / name).exists() or (ROOT / name).with_suffix("").is_dir()
        assert there, f"{page_id(page)}: there is no {name}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_option_of_a_benchmark_is_one(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name, given in re.findall(r"-m benchmarks\.([a-z_]+)([^\n`|]*)", text):
        whole = [ROOT / "benchmarks" / f"{name}.py", *(ROOT / "benchmarks" / name).glob("*.py")]
        source = "".join(file.read_text(encoding="utf-8") for file in whole if file.exists())
        for option in re.findall(r"--[a-z][a-z-]*", given):
            there = f'"{option}"' in source
            assert there, f"{page_id(page)}: benchmarks.{name} has no {option}"


def test_every_benchmark_has_a_row_and_its_options() -> None:
    folder = ROOT / "benchmarks"
    page = (folder / "README.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| (`[^|]+`) \|", page, re.MULTILINE)
    commands = [x.split() for cell in cells for x in re.findall(r"`([^`]+)`", cell)]
    for name, *given in commands:
        whole = [folder / f"{name}.py", *(folder / name).glob("*.py")]
        source = "".join(file.read_text(encoding="utf-8") for file in whole if file.exists())
        assert source or name == "sayso", f"there is no benchmark {name}"
        for option in given if name != "sayso" else ():
            assert not option.startswith("--") or f'"{option}"' in source, f"{name}: no {option}"
    run = [file for file in folder.glob("*.py") if "__main__" in file.read_text(encoding="utf-8")]
    rows = {name for name, *_ in commands}
    unnamed = [x.stem for x in run if x.stem not in rows and f"`{x.stem}`" not in page]
    assert unnamed == [], "write a row in benchmarks/README.md"


def test_the_readme_names_both_commands() -> None:
    commands = blocks(ROOT / "README.md", "")[0]
    assert "pip install . && sayso demo" in commands
    assert "pip install '.[test]' && scripts/check" in commands


def test_the_transcript_is_of_the_demo() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition(make_docs().BEGIN)[2].partition(make_docs().END)[0]
    shown = re.findall(r"^(\w+)> (.*)$", block, re.MULTILINE)
    script = yaml.safe_load((example_home() / "conversation.yaml").read_text(encoding="utf-8"))
    played = [(turn.get("user", "ana"), turn["say"]) for turn in script["turns"]]
    assert shown == played[: make_docs().SHOWN], "run: python scripts/make_docs.py --transcript"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the shell block of docs/python.md has been run."""
    folder = tmp_path_factory.mktemp("docs")
    for words in shell_lines(ROOT / "docs" / "python.md"):
        command = [sys.executable, "-m", *words]
        paths = os.pathsep.join(path for path in sys.path if path)
        subprocess.run(
            command,
            check=True,
            cwd=folder,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
    return folder


def test_the_python_page_runs(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(prepared)
    session = "\n".join(blocks(ROOT / "docs" / "python.md", "pycon"))
    assert session.count(">>>") > 20
    example = doctest.DocTestParser().get_doctest(session, {}, "docs/python.md", None, 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS)
    runner.run(example, out=said.append)
    assert runner.failures == 0, "".join(said)
