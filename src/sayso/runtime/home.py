"""A home: a folder with skills, a bundle, a store and back-ends, opened as one thing.

home/
  sayso.toml      settings
  skills/         a folder a skill
  bundle/         what was trained (see sayso.bundle)
  sayso.db        the log, unless sayso.toml names another store
  data/           what skills keep
  removed/        skills that were taken out; nothing of a developer's is deleted
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, Semaphore
from typing import Self

import sayso
from sayso import bundle as bundles
from sayso.bundle import Bundle, Part
from sayso.encoders import Encoder, Encoders
from sayso.errors import BundleError, SkillError
from sayso.fulfilment import Backends
from sayso.routing.decide import Costs
from sayso.routing.explore import Exploration
from sayso.routing.ground import Ground
from sayso.runtime import people
from sayso.runtime.conversation import check, check_user, take, zone
from sayso.runtime.engine import Engine, EngineSettings
from sayso.runtime.explain import Explanation, explain
from sayso.runtime.load import engine_of, known_cards
from sayso.runtime.local_stores import LocalStores
from sayso.runtime.people import Found
from sayso.settings import Settings, read_settings
from sayso.skills import read_skills, write_skill
from sayso.stores.store import Event as Event
from sayso.stores.store import Store
from sayso.types.people import ANONYMOUS, EnabledBy, Person
from sayso.types.skills import Skill
from sayso.types.turns import Alternative, Context, Device, Hypothesis, Reply, TurnRequest
from sayso.understanding.cards import pack
from sayso.understanding.installed import Installed

_LOG = logging.getLogger(__name__)
BUNDLE, SKILLS = "bundle", "skills"
THINKING = 1  # turns the engine works on at once: two would only wait for Python's lock by turns
LEASE_MARGIN_S = 20.0  # a turn may last its back-end's limit, a few times over, and this


def engine_settings(settings: Settings, engine: str) -> EngineSettings:
    """The engine's part of sayso.toml; `engine` is what the bundle was trained with."""
    routing, understanding = settings.routing, settings.understanding
    return EngineSettings(
        engine=engine,
        shortlist=understanding.shortlist,
        known_sentences=understanding.known_sentences,
        costs=Costs.of_caution(routing.caution),
        ground=Ground(
            side_effects=Costs.of_caution(routing.caution_side_effects),
            trial=Costs.of_caution(routing.new_skill_floor),
            share=routing.new_skill_share,
        ),
        exploration=Exploration(routing.exploration, routing.exploration_of),
        flags=routing.flags,
        attention=routing.attention,
        habits=routing.habits,
    )


def written_skills(home: Path) -> list[Skill]:
    """The skills of a home as their files say now, trained or not. Raises SkillError."""
    return [in_its_folder(skill) for skill in read_skills(home / SKILLS)]


def in_its_folder(skill: Skill) -> Skill:
    """The skill. Raises SkillError if its folder has another name: its code is looked for by id."""
    if skill.folder is not None and Path(skill.folder).name != skill.id:
        raise SkillError(
            f'{skill.folder}: holds the skill "{skill.id}"; rename the folder to {skill.id}'
        )
    return skill


class Home:
    """An opened home. Safe for many threads; several processes may open the same one."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoders, store: Store) -> None:
        self.folder = folder
        self.settings = settings
        self._encoder = encoder
        self._store = store
        self.local_stores: LocalStores[Installed] = LocalStores(
            settings.understanding.local_store_budget_mb << 20
        )
        self._bundle: Bundle | None = None
        self._change = Lock()
        self._thinking = Semaphore(THINKING)
        self._stamp = bundles.stamp(folder / BUNDLE)
        self._engine = self._load()
        self._backends = Backends(
            home=folder,
            timeout_s=settings.fulfilment.timeout_s,
            workers=settings.fulfilment.workers,
            private_addresses=settings.fulfilment.private_addresses,
        )

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a home. Raises HomeError, BundleError, EncoderError or StoreError."""
        folder = Path(folder).resolve()
        settings = read_settings(folder)
        bundles.current(folder / BUNDLE)  # before anything heavy: is there something trained?
        understanding = settings.understanding
        encoder = Encoders(Encoder.load(understanding.encoder), understanding.encoders)
        store = Store.open(settings.store.url, folder)
        try:
            return cls(folder, settings, encoder, store)
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Stop the back-ends and let go of the store."""
        self._backends.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """The engine that serves now."""
        return self._engine

    @property
    def store(self) -> Store:
        """The log and what is remembered between turns."""
        return self._store

    def turn(
        self,
        text: str = "",
        *,
        user: str = ANONYMOUS,
        conversation: str | None = None,
        alternatives: Sequence[Alternative] = (),
        device: Device | None = None,
        locale: str | None = None,
        time_zone: str | None = None,
        now: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> Reply:
        """One turn, logged. See `TurnRequest` for the arguments, and `take`."""
        return self.take(
            TurnRequest(
                text=text,
                user=user,
                conversation=conversation,
                alternatives=alternatives,
                device=device or Device(),
                locale=locale,
                time_zone=time_zone,
                now=now,
                idempotency_key=idempotency_key,
            )
        )

    def take(self, request: TurnRequest) -> Reply:
        """One turn: understood, fulfilled and logged.

        Raises RequestError for a request that cannot be served, StoreError for a store that
        cannot; a back-end that fails is an apology and a trace, not an error.
        """
        self.refresh()
        request = check(request, self.settings.locales)
        request = replace(request, time_zone=request.time_zone or self.settings.time_zone)
        place = zone(request.time_zone or "")
        clock = datetime.now(UTC)
        now = (request.now or clock).astimezone(place)
        return take(
            request,
            engine=self._engine,
            store=self._store,
            backends=self._backends,
            now=now,
            lease_s=LEASE_MARGIN_S + 4 * self.settings.fulfilment.timeout_s,
            # By the clock, not by the time that a request may say it is.
            new_since=clock - timedelta(days=self.settings.routing.new_skill_days),
            thinking=self._thinking,
        )

    def understand(
        self, text: str, *, user: str = ANONYMOUS, locale: str | None = None
    ) -> list[Hypothesis]:
        """Readings of a sentence, best first; nothing is acted upon or logged."""
        self.refresh()
        request = check(TurnRequest(text, user=user, locale=locale), self.settings.locales)
        return list(self._engine.decide(text, self._context(request)).hypotheses)

    def explain(
        self, text: str, *, user: str = ANONYMOUS, locale: str | None = None
    ) -> Explanation:
        """Why a sentence is read as it is, outside any conversation; nothing is logged."""
        self.refresh()
        request = check(TurnRequest(text, user=user, locale=locale), self.settings.locales)
        return explain(self._engine, text, self._context(request))

    def _context(self, request: TurnRequest) -> Context:
        """Outside any conversation, now, with what is known of the user."""
        return Context(
            conversation="",
            now=datetime.now(zone(self.settings.time_zone)),
            user=request.user,
            locale=request.locale or "",
            person=self._store.people.person(request.user).among(self._engine.knows),
        )

    def skills(self) -> list[Skill]:
        """Installed skills, by id."""
        self.refresh()
        return sorted(self._engine.skills.values(), key=lambda skill: skill.id)

    def person(self, user: str) -> Person:
        """What is known of a user and used to rank for them."""
        self.refresh()
        return self._store.people.person(user).among(self._engine.knows)

    def catalogue(self) -> list[Found]:
        """Every installed skill as nobody in particular sees it, by id."""
        self.refresh()
        return people.everything(self._engine)

    def skills_of(self, user: str) -> list[Found]:
        """The skills that a user has enabled or used, the enabled ones first."""
        self.refresh()
        return people.theirs(self._engine, self._store.people, user)

    def skill_of(self, user: str, skill: str) -> Found:
        """A skill as it stands with a user. Raises SkillError for an unknown id."""
        self.refresh()
        return people.one(self._engine, self._store.people, user, skill)

    def find_skills(
        self, text: str, user: str = ANONYMOUS, k: int = 10, locale: str | None = None
    ) -> list[Found]:
        """The k skills that fit a text best for a user, best first; nothing is logged."""
        self.refresh()
        asked = check(TurnRequest(text, user=user, locale=locale), self.settings.locales)
        return people.find(self._engine, self._store.people, asked, k)

    def enable(self, user: str, *skills: str, by: EnabledBy = EnabledBy.PERSON) -> int:
        """Enable skills for a user, all or none; how many were not enabled before.

        Raises SkillError for an unknown id, RequestError for too many and for no user.
        """
        self.refresh()
        check_user(user)
        people.check_known(self._engine, skills)
        return self._store.people.enable(user, skills, datetime.now(UTC), by)

    def disable(self, user: str, *skills: str) -> int:
        """Disable skills for a user; how many were enabled.

        Raises SkillError for an id that is neither installed nor enabled.
        """
        self.refresh()
        there = {each.skill for each in self._store.people.enabled(user)}
        people.check_known(self._engine, set(skills) - there)
        return self._store.people.disable(user, skills)

    def neutral(self, user: str, on: bool) -> None:
        """Rank for a user as for anybody, whatever is known of them; or no longer."""
        check_user(user)
        self._store.people.set_neutral(user, on)

    def install(self, skill: Skill) -> str:
        """Learn a skill and keep its files. Nothing changes unless everything succeeds.

        A skill that was not there before is on trial until it is approved: see `approve`.
        """
        folder = self.folder / SKILLS / skill.id
        with self._writing(), _restored_on_failure(folder):
            if skill.id not in self._engine.skills:
                # Before it goes live: a process killed in between must leave no skill unguarded.
                self._store.begin_trial(skill.id, datetime.now(UTC))
            write_skill(skill, folder)
            return self._learn(replace(skill, folder=str(folder)))

    def approve(self, skill_id: str, by: str) -> bool:
        """End a skill's trial, in every process; whether it was on trial.

        by: who says so; kept. Raises SkillError if there is no skill of that id.
        """
        self.refresh()
        if skill_id not in self._engine.skills:
            raise SkillError(f'no skill "{skill_id}" is installed')
        return self._store.approve(skill_id, by, datetime.now(UTC))

    def learn(self, skill: Skill) -> str:
        """Fit a skill whose files lie in the home and put it live, in every process.

        Returns its version. The other skills keep their models.
        """
        with self._writing():
            return self._learn(skill)

    def _learn(self, skill: Skill) -> str:
        part = pack(self._engine.fit(skill))
        self._change_bundle([part])
        self._take_up()
        return part.version

    def uninstall(self, skill_id: str) -> None:
        """Take a skill out, here and in every other process; its files move to `removed/`.

        Raises SkillError if there is none of that id.
        """
        with self._writing():
            if skill_id not in self._engine.skills:
                raise SkillError(f'no skill "{skill_id}" is installed')
            self._change_bundle(remove=[skill_id])
            self._take_up()
            self._store.forget_trial(skill_id)
            self._put_away(skill_id)
            self._store.people.drop_skill(skill_id)

    def refresh(self) -> bool:
        """Take up a bundle that another process has pointed to; whether there was one.

        One that cannot be read is left alone, with a warning in the log of the process: what
        served before goes on serving.
        """
        stamp = bundles.stamp(self.folder / BUNDLE)
        if stamp == self._stamp:
            return False
        with self._change:
            if stamp == self._stamp:
                return True
            try:
                self._take_up()
            except BundleError as error:
                _LOG.warning("the bundle before goes on serving: %s", error)
                self._stamp = stamp
        return True

    def ring(self, now: datetime | None = None) -> int:
        """Turn what is due into events; how many."""
        return self._store.ring(now or datetime.now(UTC))

    def events(
        self, *, user: str | None, device: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Event]:
        """What rang for a user (None: for anybody) after the event `after`."""
        return self._store.events(user, device, after, limit)

    def last_event(self) -> int:
        """Id of the latest event: where a device that is new begins to listen."""
        return self._store.last_event()

    def _load(self) -> Engine:
        before = self._bundle
        bundle = bundles.read(self.folder / BUNDLE, before)
        engine = engine_of(
            bundle,
            encoder=self._encoder,
            settings=engine_settings(self.settings, bundle.manifest.engine),
            skills_folder=self.folder / SKILLS,
            stores=self.local_stores,
            known=known_cards(before, self._engine) if before is not None else None,
        )
        for locale in self.settings.locales:
            engine.view(locale)  # made now, so that no turn has to wait for it
        self._bundle = bundle
        return engine

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One change of the bundle at a time, among threads and processes, on the latest one."""
        with bundles.alone(self.folder), self._change:
            if bundles.stamp(self.folder / BUNDLE) != self._stamp:
                self._take_up()
            yield

    def _take_up(self) -> None:
        """Serve the bundle that is pointed to now, as every other process will."""
        stamp = bundles.stamp(self.folder / BUNDLE)
        self._engine, self._stamp = self._load(), stamp

    def _change_bundle(self, put: Sequence[Part] = (), remove: Sequence[str] = ()) -> None:
        locales = {*self._engine.locales, *(locale for part in put for locale in part.locales)}
        bundles.change(
            self.folder / BUNDLE,
            put,
            remove,
            encoder=self._encoder.to_json(locales),
            written_by=sayso.__version__,
        )

    def _put_away(self, skill_id: str) -> None:
        source = self.folder / SKILLS / skill_id
        if source.is_dir():
            at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            (self.folder / "removed").mkdir(exist_ok=True)
            source.rename(self.folder / "removed" / f"{skill_id}-{at}")


@contextmanager
def _restored_on_failure(folder: Path) -> Iterator[None]:
    """Put a skill's folder back as it was if what is done within fails."""
    copy = folder.parent / f".{folder.name}.before"
    existed = folder.is_dir()
    if existed:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if existed:
            copy.rename(folder)
        raise
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def open(folder: Path | str) -> Home:
    """Open a home: bundle, store and back-ends. Close it, or use it in a `with` statement."""
    return Home.open(folder)
