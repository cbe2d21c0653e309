"""What a back-end says while it still works: Alexa's progressive response, for code in a worker.

An ask-sdk skill posts `VoicePlayer.Speak` to `{apiEndpoint}/v1/directives`. The SDK insists on
HTTPS and on certificates that everybody trusts, so inside a worker its API client is met before the
network: that one address is answered here, and the words go to the pool at once. All other
addresses are called as ever. Imported by workers: standard library alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

# Nobody listens there. A name would be looked up first, and a house without the internet waits
# long for that.
ENDPOINT = "https://127.0.0.1:1"
DIRECTIVES = f"{ENDPOINT}/v1/directives"
MOST = 5  # of one call, as Alexa has it
LONGEST = 600  # characters of one

Deliver = Callable[[str], object]


class Directives:
    """The directive service of one worker, or of one call. begin: before the skill's code runs."""

    def __init__(self, deliver: Deliver) -> None:
        """deliver: takes what is to be said, as it came: words or SSML."""
        self._deliver = deliver
        self._request, self._count = "", 0

    def listen(self, request: str) -> None:
        """From now on, it is the request of this id that is worked on."""
        self._request, self._count = request, 0

    def begin(self, request: str) -> None:
        """The same, for code in this process that is written with ask-sdk."""
        self.listen(request)
        module: Any = sys.modules.get("ask_sdk_core.api_client")
        client = getattr(module, "DefaultApiClient", None)
        if client is not None and not getattr(client.invoke, "of_sayso", False):
            client.invoke = self._instead_of(client.invoke)

    def post(self, body: Any) -> tuple[int, str]:
        """HTTP status and body of the answer to a directive."""
        try:
            data = json.loads(body) if isinstance(body, str) else body
            of, directive = data["header"]["requestId"], data["directive"]
            kind, speech = directive["type"], directive["speech"]
        except (ValueError, KeyError, TypeError):
            return _refused(400, "it wants header.requestId, directive.type, directive.speech")
        if kind != "VoicePlayer.Speak" or not isinstance(speech, str):
            return _refused(400, f"{str(kind)[:100]} is not known; VoicePlayer.Speak is")
        if of != self._request:
            return _refused(403, "that request is not worked on any more")
        if len(speech) > LONGEST:
            return _refused(400, f"{len(speech)} characters; at most {LONGEST} are said")
        if self._count >= MOST:
            return _refused(429, f"at most {MOST} are said before the response")
        self._count += 1
        self._deliver(speech)
        return 204, ""

    def _instead_of(self, genuine: Callable[..., Any]) -> Callable[..., Any]:
        """`DefaultApiClient.invoke` that answers directives itself."""

        def invoke(client: Any, request: Any) -> Any:
            if str(request.url) != DIRECTIVES:
                return genuine(client, request)
            from ask_sdk_model.services import ApiClientResponse

            status, body = self.post(_plain(request.body))
            return ApiClientResponse(headers=[], status_code=status, body=body)

        invoke.of_sayso = True  # type: ignore[attr-defined]
        return invoke


def _plain(body: Any) -> Any:
    """The body as it would have been sent: text, or what the SDK has made of its models."""
    return body if isinstance(body, str | Mapping) or body is None else vars(body)


def _refused(status: int, message: str) -> tuple[int, str]:
    return status, json.dumps({"code": status, "message": message})
