"""Where HTTPS skills may live."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import FulfilmentError
from sayso.fulfilment.addresses import Endpoint, is_public, read_url, resolve

PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    *("2001:db8::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "64:ff9b:1::a00:1", "100::1"),
]
PUBLIC = [
    *("8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0"),
        *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "10.0.0.1", "169.254.169.254"),
    ],
)
def test_a_private_address_is_refused_however_it_is_written(host: str) -> None:
    endpoint = read_url(f"https://{host}/skill", private_addresses=False)
    with pytest.raises(FulfilmentError, match="a private address; an administrator may"):
        resolve(endpoint, private_addresses=False, timeout_s=5.0)


def test_a_name_with_one_private_address_among_others_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "192.168.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    endpoint = read_url("https://mixed.example/skill", private_addresses=False)
    with pytest.raises(FulfilmentError, match=r"mixed\.example is at 192\.168\.0\.7"):
        resolve(endpoint, private_addresses=False, timeout_s=5.0)


def test_a_name_server_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    hangs = threading.Event()

    def wait(*_: Any, **__: Any) -> list[Any]:
        hangs.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    started = time.monotonic()
    with pytest.raises(FulfilmentError, match=r"slow\.example was not found within 0\.1 s"):
        resolve(
            read_url("https://slow.example", private_addresses=False),
            private_addresses=False,
            timeout_s=0.1,
        )
    assert time.monotonic() - started < 2
    hangs.set()


def test_a_name_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(FulfilmentError, match=r"no\.example was not found: .*not known"):
        resolve(
            read_url("https://no.example", private_addresses=False),
            private_addresses=False,
            timeout_s=1.0,
        )


def test_a_url_is_taken_apart() -> None:
    assert read_url("https://Bücher.example:8443/a?b=c#d", private_addresses=False) == Endpoint(
        "https", "xn--bcher-kva.example", 8443, "/a?b=c"
    )
    assert read_url("http://home", private_addresses=True) == Endpoint("http", "home", 80, "/")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://example.org/", "only https"),
        ("ftp://example.org/", "only https"),
        ("file:///etc/passwd", "only https"),
        ("example.org/x", "only https"),
        ("https:///x", "write it as https://host/path"),
        ("https://me:secret@example.org/", "write it as https://host/path"),
        ("https://example.org@10.0.0.1/", "write it as https://host/path"),
        ("https://example.org:99999/", "out of range"),
        ("https://example.org:port/", "Port could not be cast"),
        ("https://[::1/", "Invalid IPv6"),
        ("https://example.org/a b", "escape blanks"),
        ("https://example.org/ä", "escape blanks"),
        ("https://a" + "b" * 70 + ".org/", "label"),
        ("https://exa\x00mple.org/", "write it as"),
        ("https://exam ple.org/", "write it as"),
    ],
)
def test_a_wrong_url_is_told(url: str, complaint: str) -> None:
    with pytest.raises(FulfilmentError, match=complaint):
        read_url(url, private_addresses=False)


@given(st.text(max_size=40) | st.text(alphabet="[]:/@?#%.a1 ", max_size=20))
def test_any_text_is_a_url_or_refused(text: str) -> None:
    for url in (text, f"https://{text}"):
        with suppress(FulfilmentError):
            assert read_url(url, private_addresses=False).host
