"""Wyoming: Home Assistant's protocol for voice services, a JSON line and some bytes a message.

https://github.com/OHF-Voice/wyoming. wire.py reads and writes messages within bounds; answers.py
says what is answered; serve.py listens. The messages are the library's, the extra `wyoming`.
"""

from __future__ import annotations

from sayso.errors import MissingExtraError

try:
    import wyoming  # noqa: F401
except ImportError as error:
    raise MissingExtraError("wyoming", "wyoming") from error
