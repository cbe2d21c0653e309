"""Who answers for a skill: one door to all kinds of back-end."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sayso.errors import FulfilmentError, MissingExtraError
from sayso.fulfilment import alexa, alexa_response, client, mcp, openapi, python, replies, ssml
from sayso.fulfilment.answer_checks import check_asked, check_entities
from sayso.fulfilment.directive_service import DirectiveService, is_here
from sayso.fulfilment.https import Https
from sayso.fulfilment.pool import Pool
from sayso.fulfilment.process import Progress, no_progress
from sayso.fulfilment.signing import Sign
from sayso.fulfilment.templates import ReplyTemplate, render
from sayso.types.calls import Answer, Call, CallKind, Opinion
from sayso.types.context import Context
from sayso.types.readings import Hypothesis
from sayso.types.skills import FulfilmentKind, Skill

if TYPE_CHECKING:
    from sayso.fulfilment.mcp_servers import Servers

_LOG = logging.getLogger(__name__)
TEMPLATE_S = 1.0  # longest that making one reply from a template may take


class Backends:
    """Answers calls to skills. Thread-safe; `close` ends the worker processes.

    home: skills keep what they store below `home/data/<skill>/`.
    timeout_s: upper limit of one call, whatever a skill asks for.
    workers: processes that run Python back-ends and the templates that might run away.
    private_addresses: whether HTTPS skills may live at private or loopback addresses.
    ca_file: certificate authorities to trust instead of the system's.
    sign: how requests to HTTPS skills are signed, see `signing`; None leaves them unsigned.
    environment: what the variables stand for that skills name for their secrets.
    """

    def __init__(
        self,
        *,
        home: Path,
        timeout_s: float = 5.0,
        workers: int = 2,
        private_addresses: bool = False,
        ca_file: Path | None = None,
        sign: Sign | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._data = home.absolute() / "data"  # a worker's working directory is another
        self._timeout_s = timeout_s
        self._pool = Pool(workers)
        self._directives = DirectiveService()
        self._https = Https(private_addresses=private_addresses, ca_file=ca_file, sign=sign)
        self._rest = openapi.Rest(private_addresses=private_addresses, ca_file=ca_file)
        self._environment = environment or {}
        self._reached = (private_addresses, ca_file)
        self._servers: Servers | None = None
        self._starting = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End worker processes and connections. Calls that are running fail."""
        self._pool.close()
        self._https.close()
        self._directives.close()
        if self._servers is not None:
            self._servers.close()

    def answer(
        self, skill: Skill, call: Call, context: Context, progress: Progress = no_progress
    ) -> Answer:
        """What the skill says to a call.

        progress: told what an Alexa skill says while it works, as words; maybe in another thread.

        Whatever a back-end does wrong becomes an Answer that apologises, with the cause in
        `failure`; nothing is raised for it.
        """
        try:
            answer = self._ask(skill, call, context, progress)
            check_asked(answer, skill, call, context)
            check_entities(answer.entities or (), skill.language(context.locale))
        except FulfilmentError as error:
            answer = replies.apology(skill, call, context, str(error), self._render)
        if call.kind is CallKind.SESSION_ENDED:  # too late to say anything
            return replace(answer, speech="", ssml=None, reprompt=None, ended=True)
        return answer

    def opinion(
        self, skill: Skill, reading: Hypothesis, context: Context, limit_s: float
    ) -> Opinion | None:
        """Whether a skill that offers to say so can do what was read; None for no opinion.

        It is to do nothing yet. An error, or no answer within the limit, is no opinion.
        """
        event = alexa.describe_can_fulfill(skill, reading, context)
        try:
            if skill.fulfilment.kind is FulfilmentKind.ALEXA:
                return alexa_response.read_opinion(self._run(skill, "alexa", event, limit_s))
            return alexa_response.read_opinion(self._post(skill, event, limit_s))
        except FulfilmentError as error:
            _LOG.info("%s has no opinion: %s", skill.id, error)
            return None

    def _ask(self, skill: Skill, call: Call, context: Context, progress: Progress) -> Answer:
        match skill.fulfilment.kind:
            case FulfilmentKind.REPLIES:
                return replies.reply(skill, call, context, self._render)
            case FulfilmentKind.CLIENT:
                if client.has_to_do(call) and not replies.sources(skill, call):
                    return client.leave(Answer(), call)
                return client.leave(replies.reply(skill, call, context, self._render), call)
            case FulfilmentKind.PYTHON:
                result = self._run(skill, "python", python.describe(call, context))
                return python.read_answer(result, call, context.now)
            case FulfilmentKind.MCP | FulfilmentKind.OPENAPI if call.kind is not CallKind.INTENT:
                # They have tools and operations, and no sessions: nobody there is told of them.
                launch = call.kind is CallKind.LAUNCH
                return replies.opened(skill, context) if launch else Answer()
            case FulfilmentKind.MCP:
                limit_s = self._limit_s(skill)
                return mcp.answer(self._mcp_servers(), skill, call, context, timeout_s=limit_s)
            case FulfilmentKind.OPENAPI:
                limit_s, environment = self._limit_s(skill), self._environment
                return openapi.answer(
                    self._rest, skill, call, context, environment=environment, timeout_s=limit_s
                )
        event = alexa.describe(skill, call, context)
        if skill.fulfilment.kind is FulfilmentKind.ALEXA:
            response = self._run(skill, "alexa", event, progress=_in_words(progress))
        else:
            response = self._post_and_listen(skill, event, progress)
        return alexa_response.read_answer(response, skill, call, context)

    def _run(
        self,
        skill: Skill,
        kind: str,
        request: dict[str, Any],
        limit_s: float | None = None,
        progress: Progress = no_progress,
    ) -> Any:
        """What the skill's callable returned, from a worker."""
        fulfilment = skill.fulfilment
        if fulfilment.handler is None or skill.folder is None:
            raise FulfilmentError("the skill names no handler in a folder of its own")
        job = {
            "call": kind,
            "skill": skill.id,
            "folder": os.path.abspath(skill.folder),
            "handler": fulfilment.handler,
            "data": str(self._data / skill.id),
            "request": request,
        }
        limit_s = self._limit_s(skill, limit_s)
        return self._pool.run(job, skill=skill.id, timeout_s=limit_s, progress=progress)

    def _post_and_listen(self, skill: Skill, event: dict[str, Any], progress: Progress) -> Any:
        """`_post`; a service on this machine may say something while it works."""
        url = skill.fulfilment.url
        if progress is no_progress or url is None or not is_here(url):
            return self._post(skill, event)
        request = event["request"]["requestId"]
        with self._directives.during(request, _in_words(progress)) as (endpoint, token):
            event["context"]["System"].update(apiEndpoint=endpoint, apiAccessToken=token)
            return self._post(skill, event)

    def _post(self, skill: Skill, event: dict[str, Any], limit_s: float | None = None) -> Any:
        if skill.fulfilment.url is None:
            raise FulfilmentError("the skill names no url")
        return self._https.post(
            skill.fulfilment.url, event, timeout_s=self._limit_s(skill, limit_s)
        )

    def _mcp_servers(self) -> Servers:
        """The MCP servers, whose library is loaded when the first of them is called."""
        with self._starting:
            if self._servers is None:
                if find_spec("mcp") is None:
                    raise FulfilmentError(str(MissingExtraError("mcp", "mcp")))
                from sayso.fulfilment.mcp_servers import Servers

                private, ca_file = self._reached
                self._servers = Servers(
                    environment=self._environment, private_addresses=private, ca_file=ca_file
                )
            return self._servers

    def _limit_s(self, skill: Skill, limit_s: float | None = None) -> float:
        limits = (self._timeout_s, skill.fulfilment.timeout_s, limit_s)
        return min(each for each in limits if each is not None)

    def _render(self, skill: Skill, template: ReplyTemplate, request: dict[str, Any]) -> str:
        """The speech of a template; in a worker where it might run away."""
        if template.plain is not None:
            return render(template.plain, request)
        job = {"call": "reply", "template": template.source, "request": request}
        limit_s = min(TEMPLATE_S, self._limit_s(skill))
        return str(self._pool.run(job, skill=skill.id, timeout_s=limit_s))


def _in_words(progress: Progress) -> Progress:
    """The same for SSML; broken markup is for nobody's ears, and no reason to fail."""

    def said(speech: str) -> None:
        with suppress(FulfilmentError):
            progress(ssml.plain(speech))

    return said
