"""What an ask-sdk skill says while it still works (its directive service), in a worker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sayso.fulfilment import Backends
from sayso.fulfilment.directives import LONGEST, MOST, Directives
from tests.fulfilment.skills import LAUNCH, ask_skill, asking, context

SLOW = """
from ask_sdk_core.api_client import DefaultApiClient
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_model.services.directive import (
    Directive, Header, SendDirectiveRequest, SpeakDirective)

sb = CustomSkillBuilder(api_client=DefaultApiClient())


@sb.request_handler(lambda handler_input: True)
def anything(handler_input):
    envelope = handler_input.request_envelope
    service = handler_input.service_client_factory.get_directive_service()
    for words in ("Let me <b>see</b>.", "Nearly there."):
        service.enqueue(SendDirectiveRequest(
            header=Header(request_id=envelope.request.request_id),
            directive=SpeakDirective(speech=words)))
    return handler_input.response_builder.speak("Here it is.").response


lambda_handler = sb.lambda_handler()
"""
ELSEWHERE = """
from ask_sdk_core.api_client import DefaultApiClient
from ask_sdk_core.skill_builder import CustomSkillBuilder

sb = CustomSkillBuilder(api_client=DefaultApiClient())


@sb.request_handler(lambda handler_input: True)
def anything(handler_input):
    try:
        handler_input.service_client_factory.get_ups_service().get_profile_name()
    except Exception as error:
        return handler_input.response_builder.speak("No name: " + type(error).__name__).response


lambda_handler = sb.lambda_handler()
"""


def test_what_it_says_before_its_answer_is_told_at_once(backends: Backends, tmp_path: Path) -> None:
    said: list[str] = []
    skill = ask_skill(tmp_path, SLOW)
    for _ in range(2):
        answer = backends.answer(skill, LAUNCH, context(), said.append)
        assert (answer.speech, answer.failure) == ("Here it is.", None)
    assert said == ["Let me see.", "Nearly there."] * 2


def test_nobody_has_to_listen(backends: Backends, tmp_path: Path) -> None:
    answer = backends.answer(ask_skill(tmp_path, SLOW), asking(), context())
    assert (answer.speech, answer.failure) == ("Here it is.", None)


def test_other_services_of_amazons_fail_at_once(backends: Backends, tmp_path: Path) -> None:
    answer = backends.answer(ask_skill(tmp_path, ELSEWHERE, timeout_s=5.0), LAUNCH, context())
    assert answer.speech.startswith("No name: ")


def directive(speech: object = "Wait.", *, of: str = "r1", kind: str = "VoicePlayer.Speak") -> str:
    return json.dumps({"header": {"requestId": of}, "directive": {"type": kind, "speech": speech}})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (directive(), 204),
        (json.loads(directive()), 204),
        (directive(of="r0"), 403),
        (directive(kind="AudioPlayer.Play"), 400),
        (directive(5), 400),
        (directive("x" * (LONGEST + 1)), 400),
        ("{}", 400),
        ("no JSON", 400),
        (None, 400),
    ],
)
def test_a_directive_is_answered_as_on_alexa(body: object, status: int) -> None:
    said: list[str] = []
    service = Directives(said.append)
    service.begin("r1")
    assert service.post(body)[0] == status
    assert said == (["Wait."] if status == 204 else [])


def test_no_more_is_said_than_alexa_would() -> None:
    said: list[str] = []
    service = Directives(said.append)
    service.begin("r1")
    assert [service.post(directive())[0] for _ in range(MOST + 1)] == [204] * MOST + [429]
    service.begin("r2")
    assert service.post(directive(of="r2"))[0] == 204
    assert len(said) == MOST + 1


def test_talking_does_not_buy_time(backends: Backends, tmp_path: Path) -> None:
    source = SLOW.replace("    return", "    import time; time.sleep(20)\n    return")
    said: list[str] = []
    skill = ask_skill(tmp_path, source, timeout_s=1.0)
    failure = backends.answer(skill, LAUNCH, context(), said.append).failure
    assert "gave no answer within 1 s" in (failure or "")
    assert said == ["Let me see.", "Nearly there."]
