"""Amazon's SDKs for Python and Node as web services, unmodified, signed and unsigned.

The dialogues of `examples/alexa/dialogues` are played through a home; see `services.py` for what is
started. Everything runs on this machine.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sayso.cli import main
from sayso.evaluation.script import Script, play, read_scripts
from sayso.fulfilment.signing import signer
from sayso.runtime.home import Home
from sayso.settings import read_settings
from sayso.types.calls import Opinion
from sayso.types.context import Context
from sayso.types.skills import Fulfilment, FulfilmentKind
from tests.fulfilment.services import (
    EXAMPLES,
    SKILLS,
    Service,
    long_ago,
    node_service,
    python_service,
    request,
    running,
    with_packages,
)

pytestmark = pytest.mark.slow

SCRIPTS = {
    f"{path.stem}::{script.name}": script
    for path in sorted((EXAMPLES / "dialogues").glob("*.yaml"))
    for script in read_scripts(path).scripts
}


def sayso(*words: object) -> None:
    """A verb of the command line; it ends with an exit code."""
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert not ended.value.code


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the four skills, imported from their packages."""
    home = tmp_path_factory.mktemp("alexa") / "home"
    sayso("new", home)
    for name in SKILLS:
        sayso("import", EXAMPLES / name, "--to", home)
    with (home / "sayso.toml").open("a") as file:
        file.write("\n[fulfilment]\nprivate_addresses = true\n")
    sayso("signing", home)
    sayso("train", home)
    return home


@pytest.fixture(scope="module")
def node_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_packages(tmp_path_factory.mktemp("node"))


Opener = Callable[..., Home]


@pytest.fixture(scope="module")
def opened(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    """Opens a copy of the home whose skills are answered by a service, signed or not."""
    with ExitStack() as stack:

        def opening(service: Service | None = None, *, signed: bool = True, names=SKILLS) -> Home:  # type: ignore[no-untyped-def]
            folder = tmp_path_factory.mktemp("copy") / "home"
            shutil.copytree(trained, folder)
            if not signed:
                settings = folder / "sayso.toml"
                settings.write_text(settings.read_text().replace("on = true", "on = false"))
                assert not read_settings(folder).fulfilment.signing.on
            home = stack.enter_context(Home.open(folder))
            for skill in home.skills() if service is not None else ():
                if skill.id in names and service is not None:
                    url = service.url(skill.id)
                    home.install(
                        replace(
                            skill,
                            fulfilment=Fulfilment(FulfilmentKind.HTTPS, url=url, can_fulfill=True),
                        )
                    )
            return home

        yield opening


@pytest.fixture(scope="module")
def services(
    trained: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[bool, Service]]:
    """The Python SDK, with and without a certificate."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("service")
        yield {
            signed: stack.enter_context(running(python_service(folder, chain), folder))
            for signed, chain in ((True, trained / "signing" / "chain.pem"), (False, None))
        }


@pytest.fixture(scope="module")
def node_services(trained: Path, node_folder: Path) -> Iterator[Mapping[bool, Service]]:
    with ExitStack() as stack:
        yield {
            signed: stack.enter_context(running(node_service(node_folder, chain), node_folder))
            for signed, chain in ((True, trained / "signing" / "chain.pem"), (False, None))
        }


@pytest.fixture(scope="module")
def python_homes(opened: Opener, services: Mapping[bool, Service]) -> Mapping[bool, Home]:
    return {signed: opened(service, signed=signed) for signed, service in services.items()}


@pytest.fixture(scope="module")
def node_homes(opened: Opener, node_services: Mapping[bool, Service]) -> Mapping[bool, Home]:
    return {signed: opened(service, signed=signed) for signed, service in node_services.items()}


def now(script: Script, called: str) -> Script:
    """The script as played this very moment: services look at the clock. called: who plays."""
    lines = [replace(line, later=timedelta(seconds=1)) for line in script.lines]
    start = datetime.now(script.start.tzinfo)
    return replace(script, start=start, lines=lines, people=f"{script.people}-{called}")


def as_expected(home: Home, script: Script) -> None:
    wrong = [
        f'"{step.line.say}" -> "{step.reply.speech}": {"; ".join(step.problems)}'
        for step in play(home, script)
        if step.problems
    ]
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="module")
def in_process(opened: Opener) -> Home:
    return opened()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_package_answers_in_process(name: str, in_process: Home) -> None:
    as_expected(in_process, SCRIPTS[name])


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_python_sdk_answers_over_http(
    name: str, signed: bool, python_homes: Mapping[bool, Home]
) -> None:
    as_expected(python_homes[signed], now(SCRIPTS[name], f"python-{signed}"))


@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_the_node_sdk_answers_over_http(
    name: str, signed: bool, node_homes: Mapping[bool, Home]
) -> None:
    as_expected(node_homes[signed], now(SCRIPTS[name], f"node-{signed}"))


@pytest.fixture(params=["python", "node"])
def guarded(request: pytest.FixtureRequest) -> Service:
    """A service that trusts the home's certificate."""
    name = "services" if request.param == "python" else "node_services"
    found: Mapping[bool, Service] = request.getfixturevalue(name)
    return found[True]


def test_a_service_that_verifies_refuses_what_is_unsigned_changed_old_or_repeated(
    guarded: Service, trained: Path
) -> None:
    sign = signer(trained / "signing" / "key.pem")
    fresh, old = request(), request(long_ago())
    assert guarded.post("tide-pool-quiz", fresh, {}) == 400
    assert guarded.post("tide-pool-quiz", fresh, {"Signature-256": "AAAA"}) == 400
    assert guarded.post("tide-pool-quiz", request(), sign(fresh)) == 400
    assert guarded.post("tide-pool-quiz", old, sign(old)) == 400
    assert guarded.post("tide-pool-quiz", fresh, sign(fresh)) == 200
    assert guarded.post("tide-pool-quiz", fresh, sign(fresh)) == 400, "it was here before"


def test_a_home_that_does_not_sign_gets_an_apology_from_a_service_that_verifies(
    opened: Opener, services: Mapping[bool, Service]
) -> None:
    home = opened(services[True], signed=False, names=["water-log"])
    reply = home.turn("how much water did i drink", user="ana")
    assert reply.speech == "Sorry, Water Log isn't answering right now."
    assert "answers 400" in (reply.trace.failure or "")


@pytest.mark.parametrize("where", ["in process", "python", "node"])
def test_a_package_that_offers_an_opinion_gives_one(
    where: str, in_process: Home, request: pytest.FixtureRequest
) -> None:
    over_http = where != "in process"
    home = request.getfixturevalue(f"{where}_homes")[True] if over_http else in_process
    skill = home.engine.skills["puppet-theatre"]
    assert in_process.engine.skills["puppet-theatre"].fulfilment.can_fulfill

    def opinion(text: str) -> Opinion | None:
        reading = next(x for x in home.understand(text) if x.skill == "puppet-theatre")
        now = Context("c", datetime.now(UTC))
        return home._backends.opinion(skill, reading, now, 5.0)

    assert opinion("book two seats for the nail soup") is Opinion.YES
    assert opinion("book two seats for the flying elephant") is Opinion.NO
    assert opinion("reserve puppet theatre seats") is Opinion.MAYBE


@pytest.mark.parametrize(
    ("where", "heard"),
    [
        ("in process", ["One moment, I look for seats."]),
        ("node", ["One moment, I look for seats."]),
        ("python", []),  # the SDK wants HTTPS, and the skill goes on without
    ],
)
def test_words_before_the_answer_are_heard_or_do_no_harm(
    where: str, heard: list[str], in_process: Home, request: pytest.FixtureRequest
) -> None:
    over_http = where != "in process"
    home = request.getfixturevalue(f"{where}_homes")[True] if over_http else in_process
    said: list[str] = []
    home.turn("book two seats for the nail soup for tomorrow", user=f"eva-{where}")
    reply = home.turn("yes", user=f"eva-{where}", progress=said.append)
    assert reply.speech.startswith("Booked: 2 seats for The Nail Soup")
    assert said == heard


def test_a_service_that_dies_in_a_conversation_is_found_again_where_it_was(
    opened: Opener, tmp_path: Path
) -> None:
    with running(python_service(tmp_path), tmp_path) as service:
        home = opened(service, signed=False, names=["lost-lighthouse"])

        def say(text: str) -> str:
            return home.turn(text, user="ana").speech

        assert "cellar" in say("play lost lighthouse")
        assert "brass key" in say("pick up the old key")
        service.stop()
        gone = home.turn("go up", user="ana")
        assert gone.speech == "Sorry, Lost Lighthouse isn't answering right now."
        assert not gone.ended, "the game is not over"
        service.start()
        assert "cuckoo clock" in say("go up"), "with the key that was taken before"
        service.stop()
        assert not home.turn("look around", user="ana").ended
        assert home.turn("look around", user="ana").ended, "twice in a row is enough"
