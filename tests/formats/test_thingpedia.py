"""Thingpedia: datasets and classes in ThingTalk, annotated dialogues, and their test sets."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import SkillError
from sayso.formats.format import Imported
from sayso.formats.known import import_skills
from sayso.formats.thingpedia.documents import read_document
from sayso.formats.thingpedia.programs import Value, read_program
from sayso.formats.thingpedia.spoken import turn
from sayso.skills.restore import notes
from sayso.types.skills import Intent
from tests.formats.foreign import check_page, imported, only, put

DATASET = """
// Written for this test.
dataset @org.kettle language "en" {
    action (p_heat : Enum(low, very_high), p_name :String)
        := @org.kettle(name=p_name).boil(heat=p_heat)
    #_[utterances=["boil the ${p_name} kettle at $p_heat heat", /* "not this", */
                   "${p_name:const}"]]
    #[id=7]
    #[name="Boil"];

    query (p_tea : Entity(org.kettle:tea)) = @org.kettle.teas(), id == p_tea => notify
    #_[utterances=["$p_tea teas", ", look for $p_tea", "which $p_tea is there?"]];

    stream := monitor (@org.kettle.state()) on new [heat]
    #_[utterances=["when my kettle boils"]];

    program := now => @org.kettle.teas() => @com.shop.buy(what=id);
}
"""
TRAIN = """\
====
# log/1
U: boil the garden kettle at very high heat
UT: $dialogue @org.thingpedia.dialogue.transaction.execute;
UT: @org.kettle(name="garden").boil(heat=enum very_high);
C: @org.kettle(name="garden").boil(heat=enum very_high)
A: Shall I?
AT: $dialogue @org.thingpedia.dialogue.transaction.sys_confirm_action;
U: yes
UT: @org.kettle(name="garden").boil(heat=enum very_high);
====
# log/2
U: is there any "Earl Grey"?
UT: @org.kettle.teas() filter id == null^^org.kettle:tea("earl grey");
====
U: say "str:QUOTED_STRING::0:" loudly
UT: @org.kettle.say(text="str:QUOTED_STRING::0:");
====
U: thanks a lot
UT: $dialogue @org.thingpedia.dialogue.transaction.cancel;
"""
DEV = """\
====
U: boil the blue kettle at low heat
UT: @org.kettle(name="blue").boil(heat=enum low);
====
U: descale it
UT: @org.kettle.descale();
====
"""
FILES = {
    "org.kettle/dataset.tt": DATASET,
    "org.kettle/eval/train/annotated.txt": TRAIN,
    "org.kettle/eval/dev/annotated.txt": DEV,
    "org.kettle/README.md": "A kettle.",
}


@pytest.fixture
def found(tmp_path: Path) -> Imported:
    return imported(put(tmp_path / "in", FILES), "thingpedia")


def intent(found: Imported, name: str) -> Intent:
    wanted = only(found).languages[0].intent(name)
    assert wanted
    return wanted


def test_what_a_program_calls_is_an_intent(found: Imported) -> None:
    skill = only(found)
    assert (skill.id, skill.name, skill.locales) == ("org.kettle", "kettle", ("en-US",))
    names = [x.name for x in skill.languages[0].intents]
    assert names == ["boil", "teas", "monitor.state", "say"]
    assert notes(intent(found, "boil").extra)["thingpedia"]["functions"] == ["org.kettle.boil"]


def test_a_query_that_feeds_an_action_of_its_class_is_the_actions_intent(tmp_path: Path) -> None:
    turns = (
        'U: play jazz fm\nUT: @r.tune.station() filter id =~ "jazz fm" => @r.tune.play(id=id);\n'
        "====\nU: post my stations\nUT: @r.tune.station() => @com.slack.send();\n"
    )
    files = {"r.tune/eval/train/annotated.txt": turns}
    language = only(imported(put(tmp_path / "in", files), "thingpedia")).languages[0]
    assert [x.name for x in language.intents] == ["play", "station.com.slack.send"]


def test_utterances_are_samples_as_people_say_them(found: Imported) -> None:
    assert intent(found, "boil").samples[:1] == ("boil the {name} kettle at {heat} heat",)
    assert intent(found, "teas").samples == (
        "{id} teas",
        "get {id} teas",
        "look for {id}",
        "which {id} is there?",
        "is there any {id}?",
    )
    assert intent(found, "monitor.state").samples == (
        "when my kettle boils",
        "notify me when my kettle boils",
    )


def test_slots_have_the_types_of_their_parameters(found: Imported) -> None:
    language = only(found).languages[0]
    slots = {x.name: x for x in intent(found, "boil").slots}
    heat = next(kind for kind in language.types if kind.name == slots["heat"].type)
    assert [(x.value, x.id) for x in heat.values] == [("low", None), ("very high", "very_high")]
    assert slots["name"].type == "AMAZON.SearchQuery"
    assert notes(slots["name"].extra)["said"] == ["garden"]
    teas = next(kind for kind in language.types if kind.name == "tea")
    assert [x.value for x in teas.values] == ["Earl Grey"]


def test_dialogues_for_tests_become_a_test_set(found: Imported) -> None:
    assert found.tests == {
        "org.kettle": {
            "dev": [
                {
                    "text": "boil the blue kettle at low heat",
                    "intent": "boil",
                    "slots": {"name": "blue", "heat": "low"},
                    "skill": "org.kettle",
                    "locale": "en-US",
                }
            ]
        }
    }


def test_what_is_not_used_is_kept_and_named(found: Imported) -> None:
    why = {line.what: line.note for line in found.accounting.skipped}
    assert why["yes"] == "said within a dialogue: what it means hangs on what was said before"
    assert why["descale it"] == "a test of what no sample says"
    assert why["thanks a lot"] == "no call of the skill; an answer, or small talk"
    assert why["Shall I?"] == "what the agent said"
    assert why["${p_name:const}"] == "only free text: it would fit whatever is said"
    assert found.unused == {"org.kettle/README.md": "nothing that people say"}
    assert "yes" in notes(intent(found, "boil").extra)["thingpedia"]["later"]


def test_a_class_alone_gives_questions_and_made_samples(tmp_path: Path) -> None:
    text = """
    abstract class @org.door extends @org.thing #_[thingpedia_name="Door"] {
        import loader from @org.thingpedia.v2();
        entity key #_[description="A key"];
        monitorable list query visitors(out id : Entity(org.door:key) #_[canonical={base=["key"]}],
                                        in opt since : Date);
        action open(in req side : Enum(left, right) #_[prompt="Which side?"] #[unique=true])
        #_[canonical=["open the door", "unlock the door"]] #[confirm=true]
        #[url="a.example"] ;
    }
    """
    skill = only(imported(put(tmp_path / "in", {"manifest.tt": text}), "thingpedia"))
    visitors, opened = skill.languages[0].intents
    assert visitors.samples[0] == "visitors"
    assert [(x.name, x.required, tuple(x.ask)) for x in opened.slots] == [
        ("side", True, ("Which side?",))
    ]
    assert opened.confirm == ("Shall I do this: unlock the door?",)
    assert "unlock the door" in opened.samples


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("dataset @a {\n action := @a.b()", r'd.tt:2: a ";" must stand here'),
        ('dataset @a {\n action := @a.b("x)', "d.tt:2: a text in quotes that nothing closes"),
        ("dataset @a {}\n/* open", "d.tt:2: a comment that nothing closes"),
        ("dataset @a {}\nstray", 'd.tt:2: a "dataset" or "class" must stand here, not "stray"'),
        ("dataset @a { action := f(]; }", 'd.tt:1: a "]" that closes nothing'),
        ("dataset @a { action := " + "(" * 99, "d.tt:1: nested too deep"),
        ("class @a #[x=" + "[" * 99 + "] {}", "d.tt:1: nested too deep"),
    ],
)
def test_what_is_no_thingtalk_is_named_with_its_line(
    text: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(SkillError, match=problem):
        import_skills(put(tmp_path, {"d.tt": text}), "thingpedia")


def test_a_line_that_is_no_turn_is_named(tmp_path: Path) -> None:
    files = {"x/eval/train/annotated.txt": "U: a\nUT: @x.f();\nwhat is this\n"}
    with pytest.raises(SkillError, match=r'annotated.txt:3: no turn; begin the line with "U:"'):
        import_skills(put(tmp_path, files))


def test_dialogues_without_a_dataset_are_of_the_class_of_their_folder(tmp_path: Path) -> None:
    files = {"x.bell/eval/train/annotated.txt": "U: ring the bell\nUT: @x.bell.ring();\n"}
    skill = only(imported(put(tmp_path / "in", files), "thingpedia"))
    assert (skill.id, skill.languages[0].intents[0].samples) == ("x.bell", ("ring the bell",))


def test_a_link_that_git_made_a_text_of_is_no_dataset(tmp_path: Path) -> None:
    files = {
        "x.bell/dataset.tt": "../../else/where/dataset.tt",
        "x.bell/eval/train/annotated.txt": "U: ring the bell\nUT: @x.bell.ring();\n",
    }
    found = imported(put(tmp_path / "in", files), "thingpedia")
    assert found.unused == {"x.bell/dataset.tt": "a link to a file that is not here"}


def test_a_program_tells_its_calls_and_values() -> None:
    program = read_program(
        'monitor(@a.b(name="x", all=true).c(n=7C, e=[enum u_v], t=new Location(1, 2, "Rome")))'
        ' => @d.e(who="joe"^^tt:username, q=$?);'
    )
    assert program.functions == ["a.b.c", "d.e"]
    assert program.stream
    assert program.values == [
        Value("name", "String", "x"),
        Value("n", "Number", "7"),
        Value("e", "Enum", "u v"),
        Value("t", "Location", "Rome"),
        Value("who", "tt:username", "joe"),
    ]


def test_values_stand_where_they_are_said_whole() -> None:
    values = [Value("a", "String", "on"), Value("b", "String", "The ONE")]
    said = turn('none, the one on {x} "on"', values)
    assert said.sample == "none, {b} {a} x on" or said.sample == 'none, {b} {a} x "on"'
    assert said.values == {"a": "on", "b": "the one"}


def test_the_page_tells_what_an_import_gives(tmp_path: Path) -> None:
    check_page("thingpedia", tmp_path)


@given(st.text('@a.({[]})"=:,;# \n/*class dataset query#[', max_size=80))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    refused = contextlib.suppress(SkillError)
    with refused:
        assert set(read_document(text, "d.tt")) == {"datasets", "classes"}


@given(st.text('@a.f()=~"^tt:x,enum new Location[1', max_size=80))
def test_any_program_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert len(read_program(text).functions) <= text.count("@")
