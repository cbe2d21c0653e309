"""Hermes: the protocol of Snips and Rhasspy, JSON messages on topics of an MQTT broker.

messages.py reads what comes in, said.py writes what goes out, nlu.py answers queries; session.py is
one conversation on one site and sites.py all of them; broker.py holds the connection, serve.py puts
it together. The client library is the extra `hermes`.
"""

from __future__ import annotations

from sayso.errors import MissingExtraError

try:
    import aiomqtt  # noqa: F401
except ImportError as error:
    raise MissingExtraError("aiomqtt", "hermes") from error
