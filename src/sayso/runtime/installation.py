"""The skills that an engine serves: added, taught, taken out; swapped in as whole snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Lock

from sayso.errors import SkillError
from sayso.types.skills import Skill
from sayso.understanding.cards import Card, Definitions, card_of
from sayso.understanding.heard import ByLocale, TextEncoder, clean, encoder_of, hear_all
from sayso.understanding.installed import Installed
from sayso.understanding.installing import fit, taught
from sayso.understanding.stock import Stock, stock_of
from sayso.understanding.values.shelves import shelve
from sayso.understanding.view import View, view_of


class Installation:
    """What is installed. Safe to share among threads: readers work on the view they have taken."""

    def __init__(
        self,
        installed: Iterable[Installed | Card] | Stock,
        encoder: TextEncoder | ByLocale | None,
        engine: str,
    ) -> None:
        """engine: which models are fitted for skills added live."""
        self.encoder = encoder
        self._fitted_for = engine
        if not isinstance(installed, Stock):
            installed = stock_of(x if isinstance(x, Card) else card_of(x) for x in installed)
        self._stock = installed
        self._views: dict[str, View] = {}
        self._change = Lock()  # held by writers

    @property
    def skills(self) -> Mapping[str, Skill]:
        """Installed skills by id; one that lies on disk is read when it is asked for."""
        return Definitions(self._stock)

    def knows(self, skill: str) -> bool:
        """Whether a skill of that id is installed."""
        return skill in self._stock

    def add(self, skill: Skill) -> None:
        """Fit a skill and put it live; the others keep their models."""
        self.put(self.fit(skill))

    def fit(self, skill: Skill) -> list[Installed]:
        """A skill fitted in each of its locales, not live yet."""
        skill = shelve(skill)
        return [
            fit(
                skill,
                language,
                engine=self._fitted_for,
                encoder=encoder_of(self.encoder, language.locale),
            )
            for language in skill.languages
        ]

    def teach(self, skill: str, intent: str, texts: Sequence[str], locale: str) -> None:
        """Add sentences to an intent of a live skill, or a new intent, in milliseconds.

        Nothing is fitted again and no other intent changes; `add` of the whole skill learns more
        from the same sentences. Raises SkillError for an unknown skill or locale, or no sentence.
        """
        with self._change:
            held = self.installed(skill) if skill in self._stock else []
            of = next((each for each in held if each.locale == locale), None)
            said = [text for raw in texts if (text := clean(raw))]
            if of is None or not said:
                what = "no sentence to learn" if of else f"it is not installed in {locale}"
                raise SkillError(f"{skill}: {what}; see: sayso doctor")
            heard = hear_all(said, encoder_of(self.encoder, locale))
            fresh = taught(of, intent, heard)
            cards = [
                card_of(fresh if each is of else replace(each, skill=fresh.skill)) for each in held
            ]
            self._set(self._stock.put(skill, cards))

    def installed(self, skill: str) -> list[Installed]:
        """A skill's locales as they are installed. Raises KeyError for an unknown id."""
        return [card.open() for card in self._stock.of(skill)]

    def cards(self, skill: str) -> Sequence[Card]:
        """The cards of a skill, one a locale. Raises KeyError for an unknown id."""
        return self._stock.of(skill)

    @property
    def in_memory(self) -> Mapping[str, Sequence[Card]]:
        """The skills that stand in no register of the bundle, with their cards."""
        return self._stock.cards

    @property
    def locales(self) -> Iterator[str]:
        """Every locale that some skill speaks."""
        return self._stock.locales

    def put(self, held: Sequence[Installed]) -> None:
        """Put a fitted skill live, in the place of one with its id."""
        with self._change:
            self._set(self._stock.put(held[0].skill.id, [card_of(each) for each in held]))

    def remove(self, skill: str) -> None:
        """Take a skill out. Raises SkillError if there is none of that id."""
        with self._change:
            if skill not in self._stock:
                raise SkillError(f'no skill "{skill}" is installed; see: sayso doctor')
            self._set(self._stock.without(skill))

    def _set(self, stock: Stock) -> None:
        """Swap the skills, and the view of every locale spoken so far."""
        views = {
            locale: view_of(stock, locale, encoder_of(self.encoder, locale), old)
            for locale, old in self._views.items()
        }
        self._stock, self._views = stock, views

    def view(self, locale: str) -> View:
        """The skills that speak a locale: in it, or in another locale of its tongue."""
        view = self._views.get(locale)
        if view is not None:
            return view
        with self._change:
            encoder = encoder_of(self.encoder, locale)
            view = view_of(self._stock, locale, encoder)
            return self._views.setdefault(locale, view)
