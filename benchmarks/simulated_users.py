"""Claim: people with a goal get it done in conversation, and nothing else is done.

    python -m benchmarks.simulated_users --seed 2 --write

Simulated people (`sayso.evaluation.goals`) come to the example home for one of the errands of
simulated_users.yaml, with values drawn by lot from its skills' catalogues and built-in types. They
open in words that are no sample of the skill, leave things out, answer with more or with less than
was asked, say things wrong and put them right, ask for something else in between. Success: a
back-end was asked for exactly the goal's intent and values. Wrong: a back-end was asked for
anything that was not meant. Seed 1 is what the policy was mended with; seed 2 was kept for the end.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.progress import track

from benchmarks.hardware import write_result
from sayso.cli.demo import example_home
from sayso.cli.train import train_home
from sayso.evaluation.goals.errands import read_errands
from sayso.evaluation.goals.figures import figures, meetings
from sayso.evaluation.goals.meeting import Meeting, Outcome
from sayso.runtime.home import Home

ERRANDS = Path(__file__).parent / "simulated_users.yaml"
SECOND = ERRANDS.with_name("simulated_users_second.yaml")
START = datetime(2026, 11, 2, 7, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="a trained copy of the example home")
    parser.add_argument("--number", type=int, default=1000, help="of dialogues")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--second", action="store_true", help="in the second set of wordings")
    parser.add_argument("--show", action="store_true", help="the dialogues that failed")
    parser.add_argument("--write", action="store_true", help="write results/simulated_users.json")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "home"
        shutil.copytree(args.home or example_home(), folder)
        if args.home is None:
            train_home(folder, quiet=True)
        with Home.open(folder) as home:
            words = SECOND if args.second else None
            errands, phrases = read_errands(ERRANDS, home.skills(), words=words)
            began = time.perf_counter()
            each = meetings(home, errands, phrases, args.number, args.seed, START)
            found = [*track(each, "dialogues", total=args.number)]
            took_s = round(time.perf_counter() - began, 1)
    if args.show:
        for place, meeting in enumerate(found):
            if meeting.outcome is not Outcome.DONE:
                show(place, meeting)
    result = {"seed": args.seed, "errands": len(errands), "took_s": took_s, **figures(found)}
    for name, value in result.items():
        print(f"{name}: {value}")
    if args.write:
        write_result("simulated_users", result)


def show(place: int, meeting: Meeting) -> None:
    """A dialogue, line by line."""
    print(f"\n{place} {meeting.goal} -> {meeting.outcome}: {meeting.cause}")
    for turn in meeting.turns:
        print(f'  [{turn.said.kind}] "{turn.said.text}"\n      -> {turn.speech[:110]}', end="")
        print(f"  ({turn.asks})" if turn.asks else "", f"DID {turn.did}" if turn.did else "")


if __name__ == "__main__":
    main()
