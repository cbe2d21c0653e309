"""API keys: what a caller may do, and for whom.

Only the SHA-256 of a key is kept. A key is 256 random bits, so a plain hash is enough: there is
nothing to guess that a slow hash would protect.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sayso.errors import HomeError
from sayso.protocols.addresses import loopback
from sayso.settings import ServerKey
from sayso.types.people import ANONYMOUS


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: a `talk` key speaks for its one user, an `admin` key for anybody."""

    role: Literal["talk", "admin"]
    user: str | None = None

    @property
    def admin(self) -> bool:
        """Whether it may manage skills and speak for any user."""
        return self.role == "admin"

    def may_speak_for(self, user: str | None) -> bool:
        """Whether a request may name this user; None names nobody."""
        return self.admin or user is None or user == self.user

    def speaks_for(self, user: str | None) -> str:
        """The user of a request that names this one, or nobody."""
        return user or self.user or ANONYMOUS


def new_key() -> tuple[str, str]:
    """A fresh key and its SHA-256: the key is for the caller, the hash for sayso.toml."""
    key = f"sayso_{secrets.token_urlsafe(32)}"
    return key, fingerprint(key)


def fingerprint(key: str) -> str:
    """SHA-256 of a key, in hex."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def who(presented: str | None, keys: Sequence[ServerKey]) -> Principal | None:
    """The principal that a presented key stands for; None for an unknown key or none at all.

    Where no keys are configured, everybody is admin: such a server listens on loopback only.
    """
    if not keys:
        return Principal("admin")
    if not presented:
        return None
    digest = fingerprint(presented)
    # Every key is compared, so that the time taken does not tell which one came close.
    known = [key for key in keys if hmac.compare_digest(key.sha256, digest)]
    return Principal(known[0].role, known[0].user) if known else None


def check(keys: Sequence[ServerKey], host: str) -> None:
    """Raises HomeError for keys that nobody can use, and for an open door to the network."""
    for number, key in enumerate(keys):
        if key.role == "talk" and not key.user:
            raise HomeError(
                f"sayso.toml: server.keys.{number}: a talk key speaks for one user; add user = ..."
            )
    if not keys and not loopback(host):
        raise HomeError(
            f"sayso.toml: server.keys: none, so {host} would be open to everybody; make a key "
            "with: sayso key home --role talk --user ana (or listen on 127.0.0.1)"
        )
