"""Which addresses only this machine can reach."""

from __future__ import annotations

import ipaddress


def loopback(host: str) -> bool:
    """Whether a host, as in an address bar and without a port, is this machine alone."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
