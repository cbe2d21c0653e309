"""Claim: people with a goal get it done in conversation, and nothing else is done.

    python -m benchmarks.simulated_users --seed 2 --second --write

Simulated people (`sayso.evaluation.goals`) come to the example home for one of the errands of
simulated_users.yaml, with values drawn by lot from its skills' catalogues and built-in types. They
open in words that are no sample of the skill, leave things out, answer with more or with less than
was asked, say things wrong and put them right, ask for something else in between. Success: a
back-end was asked for exactly the goal's intent and values. Wrong: a back-end was asked for
anything that was not meant. Seeds 1, 5 and 6 of the first wordings are what the policy was mended
with; seed 2 and the second wordings, written before, were played once, at the end.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
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
    parser.add_argument("--second", action="store_true", help="in the second wordings, too")
    parser.add_argument("--show", action="store_true", help="the dialogues that failed")
    parser.add_argument("--write", action="store_true", help="write results/simulated_users.json")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "home"
        shutil.copytree(args.home or example_home(), folder)
        if args.home is None:
            train_home(folder, quiet=True)
        result: dict[str, Any] = {"seed": args.seed}
        sets = {"first": None, "second": SECOND} if args.second else {"first": None}
        for name, words in sets.items():
            played = Path(scratch) / name  # of its own: nobody is known from the other set
            shutil.copytree(folder, played)
            found = play(played, words, args.number, args.seed)
            result[name] = figures(found)
            if args.show:
                for place, meeting in enumerate(found):
                    if meeting.outcome is not Outcome.DONE:
                        show(place, meeting)
            print(f"{name} wordings")
            for key, value in result[name].items():
                print(f"  {key}: {value}")
    if args.write:
        write_result("simulated_users", result)


def play(folder: Path, words: Path | None, number: int, seed: int) -> list[Meeting]:
    """Meetings in a home of their own, in the wordings of a table."""
    with Home.open(folder) as home:
        errands, phrases = read_errands(ERRANDS, home.skills(), words=words)
        found = meetings(home, errands, phrases, number, seed, START)
        return [*track(found, "dialogues", total=number)]


def show(place: int, meeting: Meeting) -> None:
    """A dialogue, line by line."""
    print(f"\n{place} {meeting.goal} -> {meeting.outcome}: {meeting.cause}")
    for turn in meeting.turns:
        print(f'  [{turn.said.kind}] "{turn.said.text}"\n      -> {turn.speech[:110]}', end="")
        print(f"  ({turn.asks})" if turn.asks else "", f"DID {turn.did}" if turn.did else "")


if __name__ == "__main__":
    main()
