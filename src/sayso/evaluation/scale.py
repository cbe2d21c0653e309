"""How selection scales: latency, memory and what the compressed index loses, by number of skills.

Each measurement runs in a process of its own, which opens what was built and nothing else; its
memory is told beside that of a process that has only imported onnxruntime.

    python -m sayso.evaluation.scale index FOLDER QUESTIONS      # a register alone
    python -m sayso.evaluation.scale engine FOLDER QUESTIONS     # a trained bundle
    python -m sayso.evaluation.scale nothing
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sayso.errors import EvaluationError
from sayso.evaluation.crowd import Said

ASKED = 20_000  # sentences before memory is read
EXACT = 400  # of them that are also compared with everything
DECIDED = 5_000  # of them that are read in full
ADDED = 20  # skills that are added one by one
KS = 20  # skills wanted
READ = 10  # skills read in full for a decision
STORES_MB = 4  # for skills that were opened
LOCALE = "en-US"
Numbers = Mapping[str, float]


def measure(kind: str, folder: Path, asked: Sequence[Said]) -> Numbers:
    """What one process found: `index` of a register, `engine` of a trained bundle.

    Raises EvaluationError with what the process said if it failed.
    """
    questions = folder / "asked.jsonl"
    lines = (json.dumps([one.text, one.skill]) for one in asked)
    questions.write_text("\n".join(lines), encoding="utf-8")
    bare = _in_a_process("nothing")["resident_mb"]
    found = _in_a_process(kind, str(folder), str(questions))
    return {**found, "resident_mb": round(found["resident_mb"] - bare, 1)}


def _in_a_process(*arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", __name__, *arguments]
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(  # noqa: S603 - this very module
        command, capture_output=True, text=True, check=False, env=one_thread
    )
    if done.returncode:
        raise EvaluationError(f"{' '.join(arguments)}: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, read line by line: its memory is not the engine's."""

    file: Path

    def first(self, count: int | None = None) -> Iterator[Said]:
        """So many of them; all for None."""
        with self.file.open(encoding="utf-8") as lines:
            yield from (Said(*json.loads(line)) for line in islice(lines, count))


def _index(folder: Path, asked: Questions) -> dict[str, float]:
    """The register in a folder, searched by the packaged encoder."""
    from sayso.bundle import Segment
    from sayso.encoders import Encoder
    from sayso.understanding.heard import hear
    from sayso.understanding.shortlist import Index, Register, Registered
    from sayso.understanding.turning import scoring_for

    encoder = Encoder.load()
    register = Register(Segment(folder / "en.register"))
    registered = Registered(register, register.serving(LOCALE, ()))
    index = Index([], registered=registered, scoring=scoring_for(encoder))

    def found(text: str, exact: bool = False) -> list[str]:
        skills = index.search(hear(text, encoder), KS, exact=exact).skills
        return [skill for skill, _ in skills]

    return {**_asked(found, asked), "resident_mb": resident_mb(), **_kept(found, asked)}


def _engine(folder: Path, asked: Questions) -> dict[str, float]:
    """A trained bundle, with little room for skills that were opened."""
    from dataclasses import replace

    from sayso import bundle as bundles
    from sayso.encoders import Encoders
    from sayso.runtime.engine_settings import EngineSettings
    from sayso.runtime.load import engine_of
    from sayso.runtime.local_stores import LocalStores
    from sayso.types.context import Context

    engine = engine_of(
        bundles.read(folder),
        encoder=Encoders.load(),
        settings=EngineSettings(shortlist=READ),
        stores=LocalStores(STORES_MB << 20),
    )
    context = Context("", datetime(2026, 1, 5, 9, tzinfo=UTC), locale=LOCALE)
    timed = _asked(lambda text: [skill for skill, _ in engine.shortlist(text, KS)], asked)
    decisions = _times(lambda one: engine.decide(one.text, context), asked.first(DECIDED))
    memory = resident_mb()
    names = list(dict.fromkeys(one.skill for one in asked.first(10 * ADDED)))[:ADDED]
    fresh = [replace(engine.skills[name], id=f"{name}.added") for name in names]
    added = _times(engine.add, fresh)
    return {
        **timed,
        "decision_p50_ms": _at(decisions, 0.5),
        "decision_p99_ms": _at(decisions, 0.99),
        "add_ms": _at(added, 0.5),
        "resident_mb": memory,
    }


def _asked(found: Callable[[str], list[str]], asked: Questions) -> dict[str, float]:
    found("which skill is it")
    times = _times(lambda one: found(one.text), asked.first())
    return {"p50_ms": _at(times, 0.5), "p99_ms": _at(times, 0.99)}


def _kept(found: Callable[..., list[str]], asked: Questions) -> dict[str, float]:
    """Recall among the first KS, of the search and of comparing with everything."""
    some = list(asked.first(EXACT))
    fast = sum(one.skill in found(one.text) for one in some)
    exact = sum(one.skill in found(one.text, exact=True) for one in some)
    return {
        "recall": round(fast / len(some), 4),
        "recall_exact": round(exact / len(some), 4),
        "recall_kept": round(fast / max(exact, 1), 4),
    }


def _times(act: Callable[[Any], object], things: Iterable[Any]) -> Sequence[float]:
    """Milliseconds of each."""
    times = array("d")
    for each in things:
        start = time.perf_counter()
        act(each)
        times.append(1000 * (time.perf_counter() - start))
    return times


def _at(times: Sequence[float], share: float) -> float:
    return round(sorted(times)[min(len(times) - 1, int(share * len(times)))], 3)


def resident_mb() -> float:
    """Memory of this process, pages of files included."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(kilobytes) / 1024, 1)


def main(arguments: Sequence[str]) -> None:
    """One measurement, as JSON."""
    kind, *rest = arguments
    if kind == "nothing":
        import onnxruntime  # noqa: F401

        found = {"resident_mb": resident_mb()}
    else:
        folder, questions = map(Path, rest)
        found = (_index if kind == "index" else _engine)(folder, Questions(questions))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
