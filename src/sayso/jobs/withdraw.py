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
from sayso.events.scrub import text_id
from sayso.jobs.report import TELLING
from sayso.jobs.work import clear
from sayso.labels.kept import EXAMPLES, SERVED, examples_of, write_examples
from sayso.labels.paraphrased import form_of, in_words
from sayso.rewriting.kept import read_population, write_population
from sayso.settings import read_settings
from sayso.stores.store import Store
from sayso.types.lessons import Label, Rewrite
from sayso.types.locales import language_of
from sayso.understanding.fold import fold

ONLINE = ".online"  # ending of an index of requests
# Kinds of a vote: for a rewrite, for an example's text, for its form (`labels/paraphrased.py`).
REWRITE, LABEL, FORM = "rewrite", "label", "form"


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
        stay = [x for x in population if votes.get(item(x), 0) >= learning.rewrite_people]
        known = [examples_of(folder, name) for name in (EXAMPLES, SERVED)]
        failed, served = (
            [
                x
                for x in some
                # Enough put it so, and somebody still said just this.
                if forms.get(form_item_of(x), 0) >= learning.people and texts.get(item_of(x))
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


def item(rewrite: Rewrite) -> int:
    """What votes for a rewrite are cast for: what is said."""
    return text_id(rewrite.language, rewrite.said)


def item_of(example: Label) -> int:
    """What votes for an example are cast for: its text, whatever its case and stops."""
    return text_id(language_of(example.locale), fold(example.text))


def form_item_of(example: Label) -> int:
    """What votes for its form are cast for: people count together who differ in values alone."""
    form = form_of(example.text, in_words(example.text, example.spans))
    words = "\0".join((example.skill, example.intent, form))
    return text_id(language_of(example.locale), words)
