"""`sayso.toml`, read once at a door into one frozen `Settings`. Rooms get plain arguments."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sayso.errors import HomeError
from sayso.types.skills import LOCALE

FILE_NAME = "sayso.toml"


Locale = Annotated[str, Field(pattern=LOCALE)]
Tongue = Annotated[str, Field(pattern="^[a-z]{2,3}$")]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UnderstandingSettings(_Table):
    """How utterances are understood."""

    engine: Literal["shared", "maxent-crf"] = Field(
        "shared", description="Which engine reads intents and slots."
    )
    encoder: str | None = Field(
        None, description="Folder or hub id of another encoder; empty means the packaged one."
    )
    encoders: Mapping[Tongue, Literal["default", "multilingual", "none"]] = Field(
        {},
        description="What reads a language, such as `de`: `default` is the encoder of English, "
        "`multilingual` needs the extra of that name, `none` looks at words alone. A language not "
        "named here is read by the multilingual one if that is installed and knows it.",
    )
    known_sentences: bool = Field(
        True, description="Whether a sentence that is word for word a sample is looked up."
    )
    local_store_budget_mb: int = Field(
        256,
        ge=1,
        description="Memory for skills that were opened; the least recently used are let go of.",
    )
    shortlist: int = Field(8, ge=1, le=1000, description="How many skills are read in full.")


class RoutingSettings(_Table):
    """When to act, to ask and to say that one does not know."""

    caution: float = Field(
        0.6,
        ge=0,
        le=0.99,
        description="How sure Sayso must be to act: the share of such actions that must be right. "
        "Higher means fewer wrong actions, and more questions and shrugs.",
    )
    caution_side_effects: float = Field(
        0.9,
        ge=0,
        le=0.99,
        description="The same for intents marked `side_effects`; where caution is higher, that.",
    )
    flags: bool = Field(
        True, description="Whether skills that a person has enabled are preferred for them."
    )
    attention: bool = Field(
        True, description="Whether skills that are like those which a person has enabled are."
    )
    habits: bool = Field(
        True,
        description="Whether skills are that a person uses often, lately, at this hour, or on such "
        "a device. All three off rank for everybody as for anybody.",
    )
    new_skill_floor: float = Field(
        0.8,
        ge=0,
        le=0.99,
        description="The same for a skill that was installed live and that nobody has approved.",
    )
    new_skill_days: int = Field(
        30, ge=0, le=3650, description="How long such a skill counts as new; 0 trusts all."
    )
    new_skill_share: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Most of the latest 1,000 requests that such a skill may be given.",
    )
    exploration: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="How often the runner-up is tried where it is nearly as good, so that the log "
        "can tell which is better. 0 means never.",
    )
    exploration_of: Mapping[str, Annotated[float, Field(ge=0, le=0.5)]] = Field(
        {}, description="The same for single skills, such as `shop = 0`."
    )


class LearningSettings(_Table):
    """What `sayso train` and `sayso learn` learn from the log, beside the skills' own files."""

    log: bool = Field(
        True,
        description="Whether it learns what people asked of a skill that they named, and what a "
        "skill turned down.",
    )
    people: int = Field(
        3,
        ge=2,
        le=1000,
        description="How many people must have said the same before any of it is learnt.",
    )
    days: int = Field(90, ge=1, le=3650, description="How long ago, at most.")
    every_hours: float = Field(
        24.0,
        ge=0,
        le=10_000,
        description="How often `sayso serve` runs `sayso learn`, if the extra `learn` is "
        "installed; 0 means never.",
    )
    train: bool = Field(
        True,
        description="Whether `sayso learn` trains the skills anew where it took new examples; not "
        "if `approval` is on.",
    )
    rewrites: bool = Field(
        True, description="Whether what people say in vain is read as what they say next."
    )
    rewrite_people: int = Field(
        10,
        ge=5,
        le=100_000,
        description="How many people must have said something before it is rewritten.",
    )
    request_people: int = Field(
        5,
        ge=2,
        le=100_000,
        description="How many people must have asked for something, with success, before it is "
        "what others may have meant.",
    )
    approval: bool = Field(
        False, description="Whether `sayso rewrites approve` must come before a rewrite is tried."
    )
    canary: float = Field(
        0.5, gt=0, le=1, description="Share of people for whom a rewrite on trial is applied."
    )
    holdout: float = Field(
        0.1,
        ge=0.01,
        le=0.5,
        description="Share of people for whom a proven rewrite is left out, to see what it is "
        "worth.",
    )
    ask: float = Field(
        0.01,
        ge=0,
        le=0.1,
        description='Share of turns, at most, whose reply ends with "did I get that right?"; 0 '
        "means never. Only doubtful turns are asked about, nobody twice within a fortnight, and "
        "only once `sayso learn` has run.",
    )


class StoreSettings(_Table):
    """Where turns are logged, and how long they are kept."""

    url: str = Field(
        "sqlite:///sayso.db",
        description="SQLAlchemy URL; a relative SQLite path lies in the home. "
        "`postgresql+psycopg://...` needs the extra `postgres`.",
    )
    conversation_days: float = Field(
        1.0,
        gt=0,
        le=3650,
        description="How long what a conversation was about is kept after its latest turn: what "
        "was said, carried over, and left open. `sayso serve` and `sayso chat` see to it.",
    )
    log_days: float = Field(
        0.0,
        ge=0,
        le=36_500,
        description="How long turns are logged; 0 means for ever. Less than `[learning] days` "
        "leaves less to learn from.",
    )

    @property
    def conversations_for(self) -> timedelta:
        """How long the state of a conversation is kept."""
        return timedelta(days=self.conversation_days)

    @property
    def log_for(self) -> timedelta | None:
        """How long turns are logged; None means for ever."""
        return timedelta(days=self.log_days) if self.log_days else None


class SigningSettings(_Table):
    """Whether requests to HTTPS back-ends are signed, and with what."""

    on: bool = Field(
        False,
        description="Whether they are. `sayso signing` makes a key and turns it on; needs the "
        "extra `signing`.",
    )
    key: str = Field(
        "signing/key.pem", description="Private RSA key; a relative path lies in the home."
    )
    chain: str = Field(
        "signing/chain.pem", description="Its certificate, of which back-ends get a copy."
    )
    chain_url: str | None = Field(
        None, description="What `SignatureCertChainUrl` says; nothing if not given."
    )


class FulfilmentSettings(_Table):
    """How skills' back-ends are run."""

    timeout_s: float = Field(5.0, gt=0, le=60, description="Longest that one call may take.")
    private_addresses: bool = Field(
        False,
        description="Whether HTTPS skills, MCP servers and web services may live at private or "
        "loopback addresses.",
    )
    workers: int = Field(2, ge=1, le=16, description="Processes that run Python back-ends.")
    can_fulfill_s: float = Field(
        0.5,
        ge=0,
        le=5,
        description="How long skills that offer CanFulfillIntentRequest may think about whether a "
        "request is for them, all at once, where several are likely; 0 never asks.",
    )
    signing: SigningSettings = SigningSettings()


class ServerKey(_Table):
    """An API key: its SHA-256, what it may do, and for whom it speaks."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the key, in hex.")
    role: Literal["talk", "admin"] = Field("talk", description="`talk` as one user, or `admin`.")
    user: str | None = Field(None, description="The user that a `talk` key is bound to.")


class ServerSettings(_Table):
    """The HTTP door."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(1, ge=1, le=64, description="Server processes.")
    max_request_bytes: int = Field(262_144, ge=1024, description="Largest request body.")
    rasa: bool = Field(
        False,
        description="Whether Rasa's HTTP API is spoken, too: `/model/parse` and "
        "`/webhooks/rest/webhook`; see docs/rasa-http.md.",
    )
    keys: tuple[ServerKey, ...] = Field((), description="API keys; none means loopback only.")


class Settings(_Table):
    """Everything that sayso.toml may say."""

    format: Literal[1] = Field(1, description="Version of the home's layout.")
    locales: tuple[Locale, ...] = Field(
        ("en-US",), min_length=1, description="What is spoken here; the first is the default."
    )
    time_zone: str = Field("UTC", description="IANA name, such as `Europe/Berlin`.")
    understanding: UnderstandingSettings = UnderstandingSettings()
    routing: RoutingSettings = RoutingSettings()
    learning: LearningSettings = LearningSettings()
    store: StoreSettings = StoreSettings()
    fulfilment: FulfilmentSettings = FulfilmentSettings()
    server: ServerSettings = ServerSettings()

    @field_validator("locales")
    @classmethod
    def _each_once(cls, locales: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(locales)) < len(locales):
            raise ValueError("names a locale twice; name each once")
        return locales

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            raise ValueError(f'unknown time zone "{name}"; use a name like Europe/Berlin') from None
        return name


def read_settings(home: Path) -> Settings:
    """Settings of a home folder. Raises HomeError naming the file, the key and a remedy."""
    path = home / FILE_NAME
    if not path.is_file():
        raise HomeError(f"{path}: not found; make a home with: sayso new {home}")
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise HomeError(f"{path}: cannot be read: {error}; mend that") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HomeError(f"{path}: not valid TOML: {error}; mend the file") from error
    except ValidationError as error:
        problems = "\n".join(
            f"{path}: {'.'.join(map(str, problem['loc'])) or 'settings'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise HomeError(f"{problems}\nsee docs/settings.md for what may stand there") from error
