"""What was learnt goes with those it was learnt from.

Once a person's votes are withdrawn, a rewrite that too few others speak for is removed, not merely
retired: its words were theirs. So is an example; `unlearning.py` takes it out of the bundle.
Requests, which keep no votes, go all. The versions before hold it still, so they go, too, as does
the work of a run that was broken off.
"""

from __future__ import annotations

from pathlib import Path

import sayso
from sayso import learned
from sayso.jobs.report import TELLING
from sayso.jobs.voting import FORM, LABEL, REWRITE, of_example, of_form, of_rewrite
from sayso.jobs.work import clear
from sayso.labels.kept import EXAMPLES, SERVED, examples_of, write_examples
from sayso.rewriting.kept import read_population, write_population
from sayso.settings import read_settings
from sayso.stores.store import Store

ONLINE = ".online"  # ending of an index of requests


def withdraw(home: Path) -> list[str]:
    """Take back what too few people are left for, and say so; once votes were withdrawn.

    Whose votes these were does not matter: what counts is who is left. Raises LearningError or
    StoreError.
    """
    folder = home / learned.LEARNED
    if not folder.is_dir():
        return []
    settings = read_settings(home)
    with learned.writing(folder):
        clear(folder)
        population = read_population(folder)
        with Store.open(settings.store.url, home) as store:
            votes, texts, forms = (store.votes.counts(kind) for kind in (REWRITE, LABEL, FORM))
        learning = settings.learning
        stay = [x for x in population if votes.get(of_rewrite(x), 0) >= learning.rewrite_people]
        known = [examples_of(folder, name) for name in (EXAMPLES, SERVED)]
        failed, served = (
            [
                x
                for x in some
                # Enough put it so, and somebody still said just this.
                if forms.get(of_form(x), 0) >= learning.people and texts.get(of_example(x))
            ]
            for some in known
        )
        gone = len(population) - len(stay)
        untaught = sum(map(len, known)) - len(failed) - len(served)
        requests = _requests(folder)

        def fill(draft: Path) -> None:
            write_population(draft, stay)
            write_examples(draft, failed, served)

        if gone or untaught or requests:
            learned.revise(
                folder,
                "a person was forgotten",
                sayso.__version__,
                fill,
                without=(*TELLING, *requests),  # they hold what was said, or count it
            )
        dropped = learned.prune(folder, keep=1)
    counts = (("Rewrites", gone), ("Examples", untaught))
    told = [f"{what} removed, since too few others said so: {n}." for what, n in counts if n]
    if requests:
        told.append("Requests that were learnt: removed; sayso learn finds them anew.")
    return told + ([f"Versions of what was learnt removed: {dropped}."] if dropped else [])


def _requests(folder: Path) -> list[str]:
    """Files of the version that serves with requests that people made: theirs may be among them."""
    pointer = learned.current(folder)
    names = () if pointer is None else learned.read_manifest(pointer.folder).files
    return [name for name in names if name.endswith(ONLINE)]
