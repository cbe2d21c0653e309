"""For back-ends: does a request come from this Sayso, as it is, now, and for the first time?

This file needs `cryptography` and nothing of Sayso: copy it beside your code if you like. It is a
verifier for `ask-sdk-webservice-support`, in the place of the SDK's own, which trusts Amazon alone:

    WebserviceSkillHandler(skill, verify_signature=False, verifiers=[Verifier("chain.pem")])

and serves any other web service as well: `Verifier("chain.pem").check(headers, body)`.
"""

from __future__ import annotations

import json
import threading
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

TOLERANCE = timedelta(seconds=150)  # as Alexa has it: between two clocks, with the way there
MOST_IDS = 100_000  # requests remembered; beyond that, the service is flooded and refuses


class RefusedError(Exception):
    """A request that is not to be answered; answer 400, without saying why to the caller."""


class Verifier:
    """Checks requests against the certificates of a PEM file. Thread-safe.

    Several in a file are several senders, or an old and a new key of one. Each process remembers
    the requests that it has seen itself: let one process serve a skill, or verify in front of it.
    """

    def __init__(
        self,
        certificates: str | Path | bytes,
        *,
        tolerance: timedelta = TOLERANCE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """certificates: a file, or its bytes. Raises ValueError for none, or one without RSA."""
        pem = certificates if isinstance(certificates, bytes) else Path(certificates).read_bytes()
        self._certificates = x509.load_pem_x509_certificates(pem)
        if not all(isinstance(each.public_key(), RSAPublicKey) for each in self._certificates):
            raise ValueError("a certificate without an RSA key; take what `sayso signing` made")
        self._tolerance, self._clock = tolerance, clock
        self._seen: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def verify(
        self,
        headers: Mapping[str, Any],
        serialized_request_env: str,
        deserialized_request_env: object = None,
    ) -> None:
        """What `ask-sdk-webservice-support` calls; see `check`."""
        del deserialized_request_env  # what was signed counts, and nothing else
        self.check(headers, serialized_request_env.encode())

    def check(self, headers: Mapping[str, Any], body: bytes) -> None:
        """Raises RefusedError for a request that is unsigned, changed, old, or here again."""
        given = {str(name).lower(): value for name, value in headers.items()}
        now = self._clock()
        self._check_signature(given.get("signature-256"), body, now)
        try:
            request = json.loads(body)["request"]
            id, sent = str(request["requestId"]), datetime.fromisoformat(request["timestamp"])
        except (ValueError, KeyError, TypeError) as error:
            raise RefusedError("no request with an id and a timestamp") from error
        if sent.tzinfo is None or abs(now - sent) > self._tolerance:
            raise RefusedError(f"the request is of {sent}, and it is {now}")
        self._remember(id, now)

    def _check_signature(self, signature: Any, body: bytes, now: datetime) -> None:
        if not signature:
            raise RefusedError("the request is not signed")
        try:
            made = b64decode(str(signature), validate=True)
        except ValueError as error:
            raise RefusedError("the signature is no base64") from error
        for certificate in self._certificates:
            if certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
                key = certificate.public_key()
                assert isinstance(key, RSAPublicKey)
                try:
                    key.verify(made, body, PKCS1v15(), SHA256())
                except InvalidSignature:
                    continue
                return
        raise RefusedError("the signature is of none of the certificates that are valid now")

    def _remember(self, id: str, now: datetime) -> None:
        """Only what was signed comes here, so that nobody else can fill the memory."""
        with self._lock:
            while self._seen:
                oldest = next(iter(self._seen))
                # Sent up to a tolerance ahead of our clock, it stays fresh for two.
                if now - self._seen[oldest] <= 2 * self._tolerance:
                    break
                del self._seen[oldest]
            if id in self._seen:
                raise RefusedError(f"the request {id} has been here before")
            if len(self._seen) >= MOST_IDS:
                raise RefusedError("too many requests to remember")
            self._seen[id] = now
