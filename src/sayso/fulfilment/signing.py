"""Requests to HTTPS back-ends, signed as Alexa signs hers, with a key of the home's own.

    Signature-256          base64 of the RSA-SHA256 signature (PKCS #1 v1.5) of the body's bytes
    SignatureCertChainUrl  where the certificate may be fetched, if sayso.toml says where

Amazon's key cannot be had: an SDK's own verifier, which trusts certificates of Amazon's alone, is
switched off and `verifying.py` put in its place. Who has a copy of the certificate knows from whom
a request comes; that it is not an old one the verifier tells by its timestamp and its id.
`cryptography` is imported here and nowhere else, and only by those who sign: extra `signing`.
"""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sayso.errors import HomeError, MissingExtraError

BITS = 2048
YEARS = 10  # a verifier holds the certificate itself, so that its end protects nobody; see --renew
Sign = Callable[[bytes], Mapping[str, str]]


def signer(key: Path, chain_url: str | None = None) -> Sign:
    """What gives the headers of a body. key: a PEM file. Raises HomeError, MissingExtraError."""
    hashes, padding, serialization, rsa, _ = _cryptography()
    try:
        private = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except OSError as error:
        told = f"{key}: cannot be read: {error.strerror}; make a key with: sayso signing HOME"
        raise HomeError(told) from error
    except (ValueError, TypeError) as error:
        raise HomeError(f"{key}: no private key in PEM without a password: {error}") from error
    if not isinstance(private, rsa.RSAPrivateKey):
        raise HomeError(f"{key}: no RSA key, as Alexa's protocol wants; make one: sayso signing")
    url = {} if chain_url is None else {"SignatureCertChainUrl": chain_url}

    def sign(body: bytes) -> Mapping[str, str]:
        made = private.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return {"Signature-256": b64encode(made).decode(), **url}

    return sign


def make_key(key: Path, chain: Path, now: datetime | None = None) -> str:
    """Write a new private key, for its owner alone, and its certificate; its SHA-256, in hex.

    Raises HomeError where they cannot be written, MissingExtraError.
    """
    hashes, _, serialization, rsa, x509 = _cryptography()
    begins = now or datetime.now(UTC)
    private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Sayso request signing")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - timedelta(minutes=5))  # clocks differ
        .not_valid_after(begins + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    secret = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    _write(key, secret, 0o600)
    _write(chain, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return str(certificate.fingerprint(hashes.SHA256()).hex())


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all, and readable by nobody else at any time."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise HomeError(f"{path}: cannot be written: {error.strerror}") from error


def _cryptography() -> tuple[Any, Any, Any, Any, Any]:
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding, rsa
    except ImportError as error:
        raise MissingExtraError("cryptography", "signing") from error
    return hashes, padding, serialization, rsa, x509
