"""A home: a folder with skills, a bundle, a store and back-ends, opened as one thing.

home/
  sayso.toml      settings
  skills/         a folder a skill
  bundle/         what was trained (see sayso.bundle)
  sayso.db        the log, unless sayso.toml names another store
  learned/        what the log has taught (see sayso.learned)
  data/           what skills keep
  removed/        skills that were taken out; nothing of a developer's is deleted
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Semaphore
from typing import Self

from sayso import bundle as bundles
from sayso.encoders import Encoders
from sayso.errors import SkillError
from sayso.fulfilment import Backends
from sayso.fulfilment.process import Progress, no_progress
from sayso.fulfilment.signing import Sign, signer
from sayso.routing.opinions import Key
from sayso.runtime import people
from sayso.runtime.calling import Called, NamedCall
from sayso.runtime.calling import call as call_by_name
from sayso.runtime.conversation import take
from sayso.runtime.engine import Engine
from sayso.runtime.explain import Explanation, explain, said_before
from sayso.runtime.finding import find
from sayso.runtime.habits import KnownHabits
from sayso.runtime.idle import IdleSessions
from sayso.runtime.local_stores import LocalStores
from sayso.runtime.opinions import asked
from sayso.runtime.people import Found, KnownPeople
from sayso.runtime.requests import check, zone
from sayso.runtime.serving import BUNDLE, Serving
from sayso.runtime.signalling import check as check_signals
from sayso.runtime.signalling import kind_of
from sayso.runtime.skill_files import SKILLS, put_away, restored_on_failure
from sayso.runtime.surroundings import lately
from sayso.runtime.warming import Warming
from sayso.settings import Settings, SigningSettings, read_settings
from sayso.skills import write_skill
from sayso.stores.store import Event as Event
from sayso.stores.store import Store
from sayso.types.calls import Opinion
from sayso.types.context import Context, Device, Happening
from sayso.types.lessons import Signal, SignalKind
from sayso.types.people import ANONYMOUS
from sayso.types.readings import Alternative, Decision, Hypothesis
from sayso.types.skills import Skill
from sayso.types.turns import Reply, TurnRequest
from sayso.understanding.cards import pack
from sayso.understanding.installed import Installed

THINKING = 1  # turns the engine works on at once: two would only wait for Python's lock by turns
AGEING = timedelta(hours=1)  # between two looks for what is too old to be kept
LEASE_MARGIN_S = 20.0  # a turn may last its back-end's limit, a few times over, and this


class Home(KnownPeople):
    """An opened home. Safe for many threads; several processes may open the same one."""

    def __init__(self, folder: Path, settings: Settings, encoder: Encoders, store: Store) -> None:
        self.folder = folder
        self.settings = settings
        self._store = store
        self._thinking = Semaphore(THINKING)
        self._aged: datetime | None = None
        self._warming: Warming | None = None
        self._serving = Serving(folder, settings, encoder)
        self._habits = KnownHabits(store, encoder)
        self._backends = Backends(
            home=folder,
            timeout_s=settings.fulfilment.timeout_s,
            workers=settings.fulfilment.workers,
            private_addresses=settings.fulfilment.private_addresses,
            sign=_sign(folder, settings.fulfilment.signing),
            environment=os.environ,
        )
        self._idle = IdleSessions(store, self._backends, lambda: self.engine)

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a home. Raises HomeError, BundleError, EncoderError or StoreError."""
        folder = Path(folder).resolve()
        settings = read_settings(folder)
        bundles.current(folder / BUNDLE)  # before anything heavy: is there something trained?
        understanding = settings.understanding
        encoder = Encoders.load(understanding.encoder, understanding.encoders)
        store = Store.open(settings.store.url, folder)
        try:
            return cls(folder, settings, encoder, store)
        except BaseException:
            store.close()
            raise

    def warm_up(self) -> Warming:
        """Begin to make ready, beside the turns, what else the first of them would have to make.

        For who serves for long. It ends with the home.
        """
        self._warming = self._warming or Warming(self.engine, self.settings.locales)
        return self._warming

    def close(self) -> None:
        """Stop the back-ends and let go of the store."""
        if self._warming is not None:
            self._warming.stop()
        self._idle.close()
        self._backends.close()
        self._habits.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def engine(self) -> Engine:
        """The engine that serves now."""
        return self._serving.engine

    @property
    def local_stores(self) -> LocalStores[Installed]:
        """Where skills stay that were opened."""
        return self._serving.local_stores

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
        happened: Sequence[Happening] = (),
        silence: bool = False,
        progress: Progress = no_progress,
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
                happened=happened,
                silence=silence,
            ),
            progress,
        )

    def take(self, request: TurnRequest, progress: Progress = no_progress) -> Reply:
        """One turn: understood, fulfilled and logged.

        progress: told at once what an Alexa back-end says while it still works, maybe in another
        thread.
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
            engine=self.engine,
            store=self._store,
            backends=self._backends,
            now=now,
            lease_s=LEASE_MARGIN_S + 4 * self.settings.fulfilment.timeout_s,
            # By the clock, not by the time that a request may say it is.
            new_since=clock - timedelta(days=self.settings.routing.new_skill_days),
            thinking=self._thinking,
            known=self._habits,
            # Where nothing is learnt, an answer is of no use to anybody.
            ask=self.settings.learning.ask if self._serving.learns else 0.0,
            can_fulfill_s=self.settings.fulfilment.can_fulfill_s,
            progress=progress,
        )

    def signal(
        self,
        user: str,
        conversation: str,
        turn: int,
        kind: SignalKind | str,
        value: float = 1.0,
        at: datetime | None = None,
    ) -> bool:
        """Keep what was seen of a turn after its reply; whether there is such a turn.

        conversation, turn: as the `Reply` names them; value: see `SignalKind`; at: aware, None
        means now. Raises RequestError for what makes no sense.
        """
        seen = Signal(user, conversation, turn, kind_of(kind), value, at or datetime.now(UTC))
        return self.signals([seen])[0]

    def signals(self, signals: Sequence[Signal]) -> list[bool]:
        """Keep many; for each, whether there is such a turn. See `signal`, and `Signals.keep`."""
        return self._store.signals.keep(check_signals(signals), datetime.now(UTC))

    def understand(
        self,
        text: str,
        *,
        user: str = ANONYMOUS,
        locale: str | None = None,
        device: Device | None = None,
        happened: Sequence[Happening] = (),
    ) -> list[Hypothesis]:
        """Readings of a sentence, best first; nothing is acted upon or logged."""
        decision = self.decide(text, user=user, locale=locale, device=device, happened=happened)
        return list(decision.hypotheses)

    def decide(
        self,
        text: str,
        *,
        user: str = ANONYMOUS,
        locale: str | None = None,
        device: Device | None = None,
        happened: Sequence[Happening] = (),
    ) -> Decision:
        """What would be decided on a sentence, outside any conversation; nothing is done of it."""
        self.refresh()
        request = self._asked(text, user, locale, device, happened)
        return self.engine.decide(text, self._context(request))

    def find(
        self, text: str, k: int = 5, *, user: str = ANONYMOUS, locale: str | None = None
    ) -> list[Hypothesis]:
        """The k likeliest intents for a request, best first; nothing is acted upon or logged.

        Unlike `understand`, it gives as many as are asked for. See `runtime.finding.find`.
        """
        self.refresh()
        request = self._asked(text, user, locale, None, ())
        return find(self.engine, request.text, self._context(request), k)

    def call(self, asked: NamedCall) -> Called:
        """Do what an intent is for, called by its name; logged. See `NamedCall` and `Called`.

        Raises SkillError for an unknown skill or intent, RequestError for wrong arguments,
        StoreError for a store that cannot serve.
        """
        self.refresh()
        said = asked.text or asked.intent.replace("_", " ")
        names = (asked.conversation, asked.device, asked.locale, asked.time_zone)
        conversation, device, locale, time_zone = names
        request = TurnRequest(
            said,
            user=asked.user,
            conversation=conversation,
            device=device,
            locale=locale,
            time_zone=time_zone or self.settings.time_zone,
        )
        request = check(request, self.settings.locales)
        return call_by_name(
            asked,
            request,
            engine=self.engine,
            store=self._store,
            backends=self._backends,
            now=datetime.now(zone(request.time_zone or "")),
            lease_s=LEASE_MARGIN_S + 4 * self.settings.fulfilment.timeout_s,
            thinking=self._thinking,
        )

    def explain(
        self,
        text: str,
        *,
        user: str = ANONYMOUS,
        locale: str | None = None,
        device: Device | None = None,
        happened: Sequence[Happening] = (),
        after: Sequence[str] = (),
    ) -> Explanation:
        """Why a sentence is read as it is, outside any conversation; nothing is done or logged.

        after: what was said before it, in that order, of which nothing is done either.
        Skills that offer an opinion are asked for it, as in a turn.
        """
        self.refresh()
        request = self._asked(text, user, locale, device, happened)
        engine = self.engine
        context = said_before(engine, after, self._context(request))
        skills, limit_s = engine.view(context.locale).skills, self.settings.fulfilment.can_fulfill_s

        def ask(decision: Decision) -> Mapping[Key, Opinion]:
            return asked(decision, context, skills, self._backends, limit_s)

        return explain(engine, text, context, ask)

    def _asked(
        self,
        text: str,
        user: str,
        locale: str | None,
        device: Device | None,
        happened: Sequence[Happening],
    ) -> TurnRequest:
        request = TurnRequest(
            text, user=user, locale=locale, device=device or Device(), happened=happened
        )
        return check(request, self.settings.locales)

    def _context(self, request: TurnRequest) -> Context:
        """Outside any conversation, now, with what is known of the user."""
        now = datetime.now(zone(self.settings.time_zone))
        return Context(
            conversation="",
            now=now,
            user=request.user,
            device=request.device,
            happened=lately((), request.happened, (), now),
            locale=request.locale or "",
            person=self._store.people.person(request.user).among(self.engine.knows),
        )

    def skills(self) -> list[Skill]:
        """Installed skills, by id."""
        self.refresh()
        return sorted(self.engine.skills.values(), key=lambda skill: skill.id)

    def catalogue(self) -> list[Found]:
        """Every installed skill as nobody in particular sees it, by id."""
        self.refresh()
        return people.everything(self._serving.bundle)

    def install(self, skill: Skill) -> str:
        """Learn a skill and keep its files. Nothing changes unless everything succeeds.

        A skill that was not there before is on trial until it is approved: see `approve`.
        """
        folder = self.folder / SKILLS / skill.id
        with self._serving.writing(), restored_on_failure(folder):
            if skill.id not in self.engine.skills:
                # Before it goes live: a process killed in between must leave no skill unguarded.
                self._store.trials.begin(skill.id, datetime.now(UTC))
            write_skill(skill, folder)
            return self._learn(replace(skill, folder=str(folder)))

    def approve(self, skill_id: str, by: str) -> bool:
        """End a skill's trial, in every process; whether it was on trial.

        by: who says so; kept. Raises SkillError if there is no skill of that id.
        """
        self.refresh()
        if skill_id not in self.engine.skills:
            raise SkillError(f'no skill "{skill_id}" is installed')
        return self._store.trials.approve(skill_id, by, datetime.now(UTC))

    def learn(self, skill: Skill) -> str:
        """Fit a skill whose files lie in the home and put it live, in every process.

        Returns its version. The other skills keep their models.
        """
        with self._serving.writing():
            return self._learn(skill)

    def _learn(self, skill: Skill) -> str:
        part = pack(self.engine.fit(skill))
        self._serving.change([part])
        return part.version

    def uninstall(self, skill_id: str) -> None:
        """Take a skill out, here and in every other process; its files move to `removed/`.

        Raises SkillError if there is none of that id.
        """
        with self._serving.writing():
            if skill_id not in self.engine.skills:
                raise SkillError(f'no skill "{skill_id}" is installed')
            self._serving.change(remove=[skill_id])
            self._store.trials.forget(skill_id)
            put_away(self.folder, skill_id)
            self._store.people.drop_skill(skill_id)

    def refresh(self) -> bool:
        """Take up a bundle that another process has pointed to; whether there was one."""
        return self._serving.refresh()

    def ring(self, now: datetime | None = None) -> int:
        """Turn what is due into events; how many.

        Once a minute, sessions that nobody speaks to are ended; once an hour, what is old goes.
        """
        clock = datetime.now(UTC)
        self._idle.look(clock)
        if self._aged is None or clock - self._aged > AGEING:
            kept = self.settings.store
            aged = self._store.forget_old(clock, kept.conversations_for, kept.log_for)
            self._aged = None if aged.left else clock
        return self._store.announcements.ring(now or clock)

    def events(
        self, *, user: str | None, device: str | None = None, after: int = 0, limit: int = 100
    ) -> list[Event]:
        """What rang for a user (None: for anybody) after the event `after`."""
        return self._store.announcements.events(user, device, after, limit)

    def last_event(self) -> int:
        """Id of the latest event: where a device that is new begins to listen."""
        return self._store.announcements.last_event()


def _sign(folder: Path, signing: SigningSettings) -> Sign | None:
    """How requests are signed here, if they are. Raises HomeError, MissingExtraError."""
    return signer(folder / signing.key, signing.chain_url) if signing.on else None


def open(folder: Path | str) -> Home:
    """Open a home: bundle, store and back-ends. Close it, or use it in a `with` statement."""
    return Home.open(folder)
