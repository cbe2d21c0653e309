"""Reply templates: what they may say, and that none of them can run away."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import FulfilmentError
from sayso.fulfilment import Backends
from sayso.fulfilment.templates import check_templates, read_template, render
from sayso.types.calls import Answer
from sayso.types.context import Context
from sayso.types.readings import Candidate, SlotValue
from sayso.types.skills import Fulfilment
from tests.fulfilment.skills import ENDED, LAUNCH, NOW, asking, city, context, event, replies, skill

BERLIN = city("the capital", Candidate("Berlin", "city-1"), normalised="Berlin")


def spoken(source: str, *slots: SlotValue, **changes: object) -> str:
    """The speech of a template that is rendered in this process."""
    template = read_template(source)
    assert template.plain is not None, "goes to a worker"
    return render(template.plain, event(slots, **changes))


@pytest.mark.parametrize(
    ("source", "speech"),
    [
        ("Sun in {{ slots.city }}.", "Sun in Berlin."),
        ("{{ slots.city.value }}, {{ slots.city.id }}", "the capital, city-1"),
        ("{{ slots['city'] | upper }}", "BERLIN"),
        ("{% if slots.city == 'Berlin' %}Hello{% else %}Bye{% endif %}", "Hello"),
        ("{{ 'known' if slots.city.matched else 'unknown' }}", "known"),
        ("{{ slots.day }}.{{ slots.day.value.more }}", "."),
        ("{{ slots.day | default('today') }}", "today"),
        ("{{ slots.items }}", ""),
        ("{{ user }} on {{ device.type }} {{ device.id }}", "ana on speaker kitchen"),
        ("{{ device.state.volume + 1 }}", "4"),
        ("{{ attributes.list.items[0] }}", "milk"),
        ("{{ locale }} {{ now.hour }}:{{ now.minute }}", "en-US 9:26"),
        ("{{ (68 - 32) / 1.8 }} degrees", "20 degrees"),
        ("{{ 7 / 2 }}", "3.5"),
        ("  two \n lines ", "two lines"),
        ("{{ none }}", ""),
    ],
)
def test_a_plain_template_speaks_of_slots_and_surroundings(source: str, speech: str) -> None:
    given_attributes = {"list": {"items": ["milk"]}}
    assert spoken(source, BERLIN, attributes=given_attributes) == speech


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ user + 1 }}", "can only concatenate str"),
        ("{{ user.upper }}", "a function is no text"),
        ("{{ ''.__class__ }}", "unsafe"),
        ("{{ user ~ 'x' * 0 }}{{ 5 - user }}", "unsupported operand"),
        ("{{ slots.day > 3 }}", "has no attribute 'day'"),
    ],
)
def test_a_failing_template_says_why(backends: Backends, source: str, complaint: str) -> None:
    answer = backends.answer(replies(source), asking(), context())
    assert answer.speech == "Sorry, Weather Wise isn't answering right now."
    assert answer.failure is not None
    assert complaint in answer.failure


@pytest.mark.parametrize(
    ("source", "speech"),
    [
        ("{% for i in range(3) %}{{ i }} {% endfor %}", "0 1 2"),
        ("At {{ now.strftime('%H:%M') }}.", "At 09:26."),
        ("{{ 'ab' * 2 }}", "abab"),
        ("{{ attributes.names | join(' and ') }}", "a and b"),
        ("{% set ns = namespace(x=1) %}{% set ns.x = 2 %}{{ ns.x }}", "2"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(slots.city) }}", "<Berlin>"),
        ("{{ '%s!' % user }}", "ana!"),
    ],
)
def test_a_template_that_computes_is_rendered_in_a_worker(
    backends: Backends, source: str, speech: str
) -> None:
    assert read_template(source).plain is None
    given = context({"names": ["a", "b"]})
    assert backends.answer(replies(source), asking(BERLIN), given).speech == speech


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 9 ** (9 ** 9) }}",
        "{{ 'a' * 10 ** 12 }}",
        "{{ 'a' | center(10 ** 12) }}",
        "{{ '%1000000000000d' % 5 }}",
        "{{ '{:>1000000000000}'.format(5) }}",
        "{% set x = ['aaaaaaaaaa'] %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
        "{{ 'a' | replace('a', 'a' * 999) | replace('a', 'a' * 999) | replace('a', 'a' * 9999) }}",
        "{% for a in range(99999) %}word {% endfor %}",
        "{{ 5 | round(10 ** 9, 'ceil') }}",
        "{{ range(10 ** 9) | list | length }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{{ [0] | batch(10 ** 12, 'x') | list }}",
        "{{ attributes.x" + " ~ attributes.x" * 200 + " }}",
    ],
)
def test_no_template_hangs_or_eats_memory(backends: Backends, source: str) -> None:
    started = time.monotonic()
    given = context({"x": "y" * 100_000})
    answer = backends.answer(replies(source, timeout_s=0.3), asking(), given)
    assert answer.failure is not None
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ slots.__init__.__globals__ }}",
        "{{ range.__self__ }}",
        "{{ '{0.__class__}'.format(user) }}",
        "{{ (user | attr('__class__')) }}",
        "{{ cycler.__init__ }}",
        "{{ slots._data }}",
        "{% set x = attributes.list.append(4) %}{{ attributes.list }}",
    ],
)
def test_the_sandbox_holds(backends: Backends, source: str) -> None:
    answer = backends.answer(replies(source), asking(), context({"list": [1]}))
    assert answer.failure is not None or answer.speech == ""
    assert "class" not in answer.speech


def test_which_reply_is_said_depends_on_chance_that_repeats(backends: Backends) -> None:
    many = replies(*[f"Reply {number}." for number in range(5)])

    def at(second: int) -> str:
        moment = Context("c1", NOW + timedelta(seconds=second))
        return backends.answer(many, asking(), moment).speech

    said = Counter(at(second) for second in range(200))
    assert len(said) == 5
    assert min(said.values()) > 15
    assert [at(second) for second in range(20)] == [at(second) for second in range(20)]


def test_a_reply_with_a_hole_is_not_chosen_while_there_is_another(backends: Backends) -> None:
    two = replies("{{ slots.city }} on {{ slots.day }}", "{{ slots.city }}", "Sunny.")
    said = {backends.answer(two, asking(BERLIN), context(turn=n)).speech for n in range(40)}
    assert said == {"Berlin", "Sunny."}


def test_a_reply_with_a_hole_is_said_and_traced_where_there_is_no_other(
    backends: Backends,
) -> None:
    answer = backends.answer(replies("Sun in {{ slots.city }}."), asking(), context())
    assert answer == Answer("Sun in .", failure="the reply speaks of city, not filled")


def test_a_slot_spoken_only_if_filled_leaves_no_hole() -> None:
    sources = [
        "{{ 'in ' ~ slots.city if slots.city }}",
        "{% if slots.city %}{{ slots.city }}{% endif %}",
        "{{ slots.city or 'there' }}",
        "{{ slots.city | default('there') }}",
    ]
    assert {read_template(source).slots for source in sources} == {frozenset()}
    assert read_template("{{ slots.city.value | upper }} {{ slots['day'] }}").slots == {
        "city",
        "day",
    }


def test_opening_a_skill_without_words_for_it_asks_what_is_wanted(backends: Backends) -> None:
    answer = backends.answer(replies("x"), LAUNCH, context())
    assert answer.speech == answer.reprompt == "This is Weather Wise. What would you like?"
    assert not answer.ended


def test_opening_a_skill_uses_its_own_words(backends: Backends) -> None:
    opens = skill(Fulfilment(replies={"LaunchRequest": ["Hello {{ user }}."]}))
    assert backends.answer(opens, LAUNCH, context()).speech == "Hello ana."
    assert backends.answer(opens, ENDED, context()) == Answer()


def test_an_intent_without_a_reply_is_told(backends: Backends) -> None:
    failure = backends.answer(skill(), asking(), context()).failure
    assert failure == "weather: no reply for Forecast; write one under replies"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("fine {{ slots.city | title }} {{ now }}", None),
        ("{% for x in range(3) %}{{ loop.index }} {{ x }}{% endfor %}", None),
        ("{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1) }}", None),
        ("{{ slots.city", "replies.Forecast[0]: line 1: unexpected end of template"),
        ("a\n{% if %}", "replies.Forecast[0]: line 2: Expected an expression"),
        ("{{ slots.town }}", 'the intent has no slot "town", only: city, day, items'),
        ("{{ slots['town'] }}", 'the intent has no slot "town", only: city, day, items'),
        ("{{ weather }}", 'no variable "weather", only: attributes, device, locale, now'),
        ("{{ user | shout }}", 'line 1: no filter "shout"'),
        ("{{ user is loud }}", 'line 1: no test "loud"'),
        ("{% include 'secrets' %}", "a reply cannot load other templates"),
        ("{{ lipsum() }}", 'no variable "lipsum"'),
        ("x" * 4001, "4,001 characters; at most 4,000 are allowed"),
        ("{{" + "-" * 3900 + "1 }}", "make it simpler"),
        ("{{" + "(" * 1900 + "1" + ")" * 1900 + "}}", "make it simpler"),
    ],
)
def test_templates_are_checked_without_being_run(source: str, complaint: str | None) -> None:
    found = check_templates(replies(source))
    assert len(found) == (complaint is not None)
    assert complaint is None or complaint in found[0]


def test_a_reply_for_an_unknown_intent_is_told() -> None:
    strange = skill(Fulfilment(replies={"Forcast": ["x"], "AMAZON.HelpIntent": ["y"]}))
    (problem,) = check_templates(strange)
    assert problem.startswith("replies.Forcast: the skill has no such intent")


PIECES = (
    *("{{ ", " }}", "{% if ", " %}", "{% endif %}", "slots.city", "user", "|", "upper"),
    *("default(", ")", "7", "-", "/", "~", "==", "'x'", "[", "]", ".", "round(", "now"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_text_renders_or_says_why_not(source: str) -> None:
    with suppress(FulfilmentError):
        template = read_template(source)
        if template.plain is not None:
            render(template.plain, event([BERLIN]))


def test_templates_of_a_skill_that_came_over_http_need_no_folder(tmp_path: Path) -> None:
    with Backends(home=tmp_path) as backends:
        assert backends.answer(replies("{{ 2 * 3 }}"), asking(), context()) == Answer("6")
    assert not (tmp_path / "data").exists()
