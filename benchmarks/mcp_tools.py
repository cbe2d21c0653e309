"""Claim: among 1,000 tools of MCP servers `find_tools` gives the right one in 15 ms (p99).

    python -m benchmarks.mcp_tools DATA/skills --write

Tools are made of real Alexa models (English): a model is a server, an intent a tool. What a server
would say of a tool is all that is imported: its name, a description (the name in words and the
intent's first sample), and an input schema of its slots. The intent's other samples, slots filled,
are what people ask; a request that two tools have word for word is left out. Beside it in the same
run, on the same texts: BM25 over all that a tool says of itself, and one vector of it a tool, by
Sayso's own encoder. Times are told apart: the handler behind the official client in one process
(wall clock and processor), and over standard input and output to a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import numpy as np
from mcp import Client, StdioServerParameters
from threadpoolctl import threadpool_limits

from benchmarks.alexa_models import FILES, rows
from benchmarks.hardware import write_result
from sayso.encoders import Encoder
from sayso.errors import SaysoError
from sayso.formats.known import import_skills
from sayso.runtime.home import Home
from sayso.server.mcp.door import McpDoor
from sayso.skills import import_model, read_skills, write_skill
from sayso.skills.labels import labels
from sayso.training.train import train
from sayso.types.skills import Intent, Language, Skill, Slot
from sayso.understanding.fold import fold
from sayso.understanding.heard import hear_all

K = 5
ASKED = 2  # requests of each tool, at most
WARM = 20  # requests before any is timed
TIMED = 500  # requests over standard input and output
VALUES = 50  # of an enumeration
TYPES = {
    "AMAZON.NUMBER": {"type": "integer"},
    "AMAZON.DATE": {"type": "string", "format": "date"},
    "AMAZON.TIME": {"type": "string", "format": "time"},
    "AMAZON.DURATION": {"type": "string", "format": "duration"},
}
Search = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as its server tells of it, and what people ask for when they want it."""

    server: str
    told: dict[str, Any]
    asked: Sequence[str]

    @property
    def name(self) -> str:
        """What it is called: server and tool."""
        return f"{self.server}.{self.told['name']}"

    @property
    def text(self) -> str:
        """All that it says of itself."""
        properties = self.told["inputSchema"]["properties"]
        slots = [
            f"{words(name)} {node.get('description', '')}" for name, node in properties.items()
        ]
        return ". ".join([words(self.server), self.told["description"], *slots])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the two parquet files")
    parser.add_argument("--tools", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="write results/mcp_tools.json")
    arguments = parser.parse_args()
    missing = [name for name in FILES if not (arguments.data / name).is_file()]
    if missing:
        sys.exit(f"skipped: {arguments.data} lacks {', '.join(missing)}")
    with threadpool_limits(1, "blas"), tempfile.TemporaryDirectory() as folder:
        result = measure(tools_of(arguments.data, arguments.tools), Path(folder))
    print(json.dumps(result, indent=2))
    if arguments.write:
        write_result("mcp_tools", result)


def words(name: str) -> str:
    cut = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_\W]+", " ", name)
    return " ".join(cut.lower().split())


def tools_of(data: Path, most: int) -> list[Tool]:
    """Tools of English models, servers by lot until there are enough."""
    models = [row for row in rows(data) if str(row["locale"]).startswith("en")]
    random.Random(0).shuffle(models)
    tools: list[Tool] = []
    taken: set[str] = set()
    for row in models:
        server = words(row["skill_name"] or row["skill_id"]).replace(" ", "-")[:40].strip("-")
        if not re.match(r"[a-z0-9]", server) or server in taken:
            continue
        taken.add(server)
        try:
            language, _ = import_model(
                json.loads(row["model"]), id="skill", name=server, locale=row["locale"]
            )
        except SaysoError:
            continue
        tools += _of_server(server, language)
        if len(tools) >= most:
            break
    asked = Counter(fold(text) for tool in tools[:most] for text in tool.asked)
    return [
        Tool(tool.server, tool.told, [x for x in tool.asked if asked[fold(x)] == 1][:ASKED])
        for tool in tools[:most]
    ]


def _of_server(server: str, language: Language) -> list[Tool]:
    skill = Skill("skill", server, languages=(language,))
    found = []
    for intent in language.intents:
        samples = list(dict.fromkeys(intent.samples))
        if intent.builtin or len(samples) < 2:
            continue
        rest = Intent(intent.name, samples[1:], intent.slots)
        alone = Skill(
            "skill",
            server,
            languages=(Language(language.locale, "x", intents=(rest,), types=language.types),),
        )
        filled = [each.text for each in labels(alone, language.locale, per_sample=1, seed=1)]
        random.Random(0).shuffle(filled)
        found.append(Tool(server, _told(intent, samples[0], skill), list(dict.fromkeys(filled))))
    return found


def _told(intent: Intent, sample: str, skill: Skill) -> dict[str, Any]:
    """The tool as its server's list has it."""
    called = words(intent.name.removesuffix("Intent")) or words(intent.name)
    example = re.sub(r"\{(\w+)\}", lambda found: f"a {words(found[1])}", sample)
    properties = {slot.name: _schema(slot, skill.languages[0]) for slot in intent.slots}
    return {
        "name": called.replace(" ", "_"),
        "description": f"{called.capitalize()}. For example: {example}.",
        "inputSchema": {"type": "object", "properties": properties},
        "annotations": {"readOnlyHint": True},
    }


def _schema(slot: Slot, language: Language) -> dict[str, Any]:
    kind = language.type(slot.type)
    values = [value.value for value in kind.values[:VALUES]] if kind is not None else []
    plain = TYPES.get(slot.type, {"type": "string"})
    examples = {"examples": values[:3]} if values else {}
    return {**plain, **examples, "description": f"The {words(slot.name)}"}


def measure(tools: Sequence[Tool], folder: Path) -> dict[str, Any]:
    home, built = home_of(tools, folder)
    questions = [(text, tool.name) for tool in tools for text in tool.asked]
    random.Random(1).shuffle(questions)
    names = {_plain(tool.name): tool.name for tool in tools}
    with Home.open(home) as opened:
        encoder = Encoder.load()
        door = McpDoor(opened, lambda _: "ana")
        before = time.perf_counter()
        opened.warm_up().wait()
        built["warm"] = round(time.perf_counter() - before, 1)
        print(f"built in {built} s", file=sys.stderr)
        here = anyio.run(_served, Client(door.server()), questions)
        sizes = _sizes(opened, here["answers"])
    by_words = bm25(tools)
    by = {
        "sayso": _right(here.pop("found"), questions, names),
        "bm25": _right([by_words(text) for text, _ in questions], questions),
        "embedding": _right(_embedded(tools, encoder, questions), questions),
    }
    there = anyio.run(_served, Client(_process(home)), questions[: TIMED + WARM])
    return {
        "tools": len(tools),
        "servers": len({tool.server for tool in tools}),
        "requests": len(questions),
        "built_s": built,
        "right": by,
        "handler_ms": here["wall_ms"],
        "handler_processor_ms": here["processor_ms"],
        "over_stdio_ms": there["wall_ms"],
        "characters": sizes,
    }


def home_of(tools: Sequence[Tool], folder: Path) -> tuple[Path, dict[str, float]]:
    """A home with the servers, imported from their lists of tools, and trained."""
    lists, home = folder / "lists", folder / "home"
    lists.mkdir()
    (home / "skills").mkdir(parents=True)
    (home / "sayso.toml").write_text('locales = ["en-US"]\n')
    for server in dict.fromkeys(tool.server for tool in tools):
        told = [tool.told for tool in tools if tool.server == server]
        (lists / f"{server}.json").write_text(json.dumps({"tools": told}))
    began = time.perf_counter()
    _, found = import_skills(lists, "mcp")
    for skill in found.skills:
        write_skill(skill, home / "skills" / skill.id)
    imported = time.perf_counter()
    print(f"imported {len(found.skills)} servers", file=sys.stderr)
    train(read_skills(home / "skills"), home / "bundle", encoder=Encoder.load())
    trained = time.perf_counter()
    return home, {"import": round(imported - began, 1), "train": round(trained - imported, 1)}


async def _served(client: Client, questions: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What `find_tools` gives, and milliseconds of each request: wall clock and this process."""
    found, answers, wall, processor = [], [], [], []
    async with client:
        for text, _ in [*questions[:WARM], *questions]:
            began, used = time.perf_counter(), time.process_time()
            result = await client.call_tool("find_tools", {"request": text, "k": K})
            wall.append(1000 * (time.perf_counter() - began))
            processor.append(1000 * (time.process_time() - used))
            assert result.structured_content is not None
            found.append([tool["name"] for tool in result.structured_content["tools"]])
            answers.append(len(json.dumps(result.structured_content)))
    return {
        "found": found[WARM:],
        "answers": answers[WARM:],
        "wall_ms": _spread(wall[WARM:]),
        "processor_ms": _spread(processor[WARM:]),
    }


def _process(home: Path) -> StdioServerParameters:
    environment = {key: os.environ[key] for key in ("PYTHONPATH",) if key in os.environ}
    arguments = ["-m", "sayso", "mcp", str(home), "--user", "ana"]
    return StdioServerParameters(command=sys.executable, args=arguments, env=environment)


def _spread(milliseconds: Sequence[float]) -> dict[str, float]:
    return {
        "p50": round(float(np.percentile(milliseconds, 50)), 2),
        "p95": round(float(np.percentile(milliseconds, 95)), 2),
        "p99": round(float(np.percentile(milliseconds, 99)), 2),
        "most": round(max(milliseconds), 2),
    }


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _right(
    found: Sequence[Sequence[str]],
    questions: Sequence[tuple[str, str]],
    names: dict[str, str] | None = None,
) -> dict[str, float]:
    """Share of requests whose tool comes first, and is among the first five."""
    if names is not None:  # an import may spell a name another way
        found = [[names.get(_plain(name), name) for name in some] for some in found]
    first = [some[:1] == [wanted] for some, (_, wanted) in zip(found, questions, strict=True)]
    among = [wanted in some for some, (_, wanted) in zip(found, questions, strict=True)]
    return {"top_1": round(float(np.mean(first)), 4), f"top_{K}": round(float(np.mean(among)), 4)}


def bm25(tools: Sequence[Tool], k1: float = 1.5, b: float = 0.75) -> Search:
    """Okapi BM25 over all that a tool says of itself."""
    documents = [Counter(fold(tool.text).split()) for tool in tools]
    lengths = np.array([sum(each.values()) for each in documents], float)
    holding = Counter(word for each in documents for word in each)
    weights: dict[str, np.ndarray[Any, Any]] = {}
    for word, many in holding.items():
        idf = np.log(1 + (len(tools) - many + 0.5) / (many + 0.5))
        times = np.array([each[word] for each in documents], float)
        norm = k1 * (1 - b + b * lengths / lengths.mean())
        weights[word] = idf * times * (k1 + 1) / (times + norm)

    def search(text: str) -> Sequence[str]:
        scores = np.zeros(len(tools))
        for word in fold(text).split():
            if word in weights:
                scores += weights[word]
        return [tools[at].name for at in np.argsort(-scores, kind="stable")[:K]]

    return search


def _embedded(
    tools: Sequence[Tool], encoder: Encoder, questions: Sequence[tuple[str, str]]
) -> list[Sequence[str]]:
    """The nearest tools by cosine, one vector a tool."""
    inside = _vectors([tool.text for tool in tools], encoder)
    asked = _vectors([text for text, _ in questions], encoder)
    best = np.argsort(-(asked @ inside.T), axis=1, kind="stable")[:, :K]
    return [[tools[at].name for at in row] for row in best]


def _vectors(texts: Sequence[str], encoder: Encoder) -> np.ndarray[Any, Any]:
    heard = hear_all(list(texts), encoder)
    pooled = np.stack([each.pooled for each in heard if each.pooled is not None])
    return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True))


def _sizes(home: Home, answers: Sequence[int]) -> dict[str, int]:
    """What a model has to read: all tools, or two tools and what was found."""
    every = McpDoor(home, lambda _: "ana", all_tools=True)
    pages, cursor = [], None
    while True:
        page, cursor = every.listed(cursor)
        pages += page
        if cursor is None:
            break
    listed = [len(each.model_dump_json(by_alias=True, exclude_none=True)) for each in pages]
    return {
        "list_of_all_tools": sum(listed[2:]),
        "list_of_two_tools": sum(listed[:2]),
        "answer_of_find_tools": round(float(np.mean(answers))),
    }


if __name__ == "__main__":
    main()
