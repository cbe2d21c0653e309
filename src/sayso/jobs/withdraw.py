"""What was learnt goes with those it was learnt from.

Once a person's votes are withdrawn, a rewrite that too few others speak for is removed, not merely
retired: its words were theirs. The versions before hold it still, so they go, too, as does the work
of a run that was broken off.
"""

from __future__ import annotations

from pathlib import Path

import sayso
from sayso import learned
from sayso.events.scrub import text_id
from sayso.jobs.report import TELLING
from sayso.jobs.work import clear
from sayso.labels.kept import EXAMPLES
from sayso.rewriting.kept import read_population, write_population
from sayso.settings import read_settings
from sayso.stores.store import Store
from sayso.types.lessons import Rewrite

ONLINE = ".online"  # ending of an index of requests
REWRITE = "rewrite"  # kind of a vote


def withdraw(home: Path, user: str) -> list[str]:
    """Take back what too few people are left for, and say so; to be called without their votes.

    Raises LearningError or StoreError.
    """
    del user  # whose votes these were no longer matters: what counts is who is left
    folder = home / learned.LEARNED
    if not folder.is_dir():
        return []
    settings = read_settings(home)
    with learned.writing(folder):
        clear(folder)
        population = read_population(folder)
        with Store.open(settings.store.url, home) as store:
            votes = store.votes.counts(REWRITE)
        least = settings.learning.rewrite_people
        stay = [each for each in population if votes.get(_item(each), 0) >= least]
        gone = len(population) - len(stay)
        requests = _requests(folder)
        if gone or requests:
            learned.revise(
                folder,
                "a person was forgotten",
                sayso.__version__,
                lambda draft: write_population(draft, stay),
                without=(*TELLING, *requests),  # they hold what was said, or count it
            )
        dropped = learned.prune(folder, keep=1)
    told = [f"Rewrites removed, since too few others said so: {gone}."] if gone else []
    if requests:
        told.append("Requests and examples that were learnt: removed; sayso learn finds them anew.")
    return told + ([f"Versions of what was learnt removed: {dropped}."] if dropped else [])


def _requests(folder: Path) -> list[str]:
    """Files of the version that serves with requests that people made: theirs may be among them."""
    pointer = learned.current(folder)
    names = () if pointer is None else learned.read_manifest(pointer.folder).files
    return [name for name in names if name.endswith(ONLINE) or name == EXAMPLES]


def _item(rewrite: Rewrite) -> int:
    return text_id(rewrite.language, rewrite.said)
