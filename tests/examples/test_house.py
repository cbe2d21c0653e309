"""Lights, thermostat, doors, music and lists: what changes something that lasts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.examples.skill import PythonSkill, known, meant, speaker, unknown

Open = Callable[[str], PythonSkill]
KITCHEN = known("light", "kitchen", "kitchen")


def test_light_stays_as_it_was_set(skill: Open) -> None:
    lights = skill("lights")
    assert lights.say("TurnOn", KITCHEN) == "Kitchen light on."
    assert (
        lights.say("SetBrightness", KITCHEN, meant("level", "30")) == "Kitchen light at 30 percent."
    )
    assert lights.say("SetColor", KITCHEN, known("color", "red", "red")) == "Kitchen light red."
    assert lights.say("LightStatus", KITCHEN) == "The kitchen light is on, red, at 30 percent."
    assert lights.say("LightStatus") == "The light is on in the kitchen."


def test_unknown_lamp_switches_no_other(skill: Open) -> None:
    lights = skill("lights")
    said = lights.say("TurnOn", unknown("light", "garage"))
    assert said.startswith("There is no lamp called garage.")
    lights.say("TurnOff", unknown("light", "all of the garage"))
    assert lights.say("LightStatus") == "All lights are off."


def test_no_room_named_means_the_room_of_the_speaker(skill: Open) -> None:
    lights = skill("lights")
    assert lights.say("Brighter") == "Living room light at 100 percent."
    assert lights.say("TurnOn", device=speaker("Office")) == "Office light on."
    assert "and the office" in lights.say("LightStatus")


def test_all_lights_are_switched_only_when_all_are_named(skill: Open) -> None:
    lights = skill("lights")
    lights.say("TurnOn", known("light", "everywhere", "all", "all"))
    assert "porch" in lights.say("LightStatus")
    lights.say("TurnOff")
    assert "kitchen" in lights.say("LightStatus")
    lights.say("TurnOff", known("light", "all", "all"))
    assert lights.say("LightStatus") == "All lights are off."


def test_brightness_has_bounds(skill: Open) -> None:
    lights = skill("lights")
    assert lights.answer("SetBrightness", KITCHEN, meant("level", "130")).ask == "level"
    assert lights.say("LightStatus") == "All lights are off."
    assert lights.say("Dimmer", KITCHEN) == "Kitchen light already off."
    lights.say("SetBrightness", KITCHEN, meant("level", "20"))
    assert lights.say("Dimmer", KITCHEN) == "Kitchen light at 5 percent."
    assert lights.say("SetBrightness", KITCHEN, meant("level", "0")) == "Kitchen light off."
    assert lights.answer("SetColor", KITCHEN, unknown("color", "plaid")).ask == "color"


def test_room_warms_up_as_time_goes_by(skill: Open) -> None:
    heating = skill("thermostat")
    office = known("zone", "office", "office")
    assert heating.say("SetTemperature", office, meant("degrees", "23")).endswith("to 23 degrees.")
    assert heating.say("IndoorTemperature", office).startswith("It is 19 degrees")
    heating.later(hours=6)
    assert heating.say("IndoorTemperature", office).startswith("It is 23 degrees in the office")
    heating.say("SetMode", known("mode", "off", "off"))
    heating.later(hours=12)
    assert heating.say("IndoorTemperature", office) == (
        "It is 14 degrees in the office. The heating is off."
    )


def test_unknown_room_is_not_heated(skill: Open) -> None:
    heating = skill("thermostat")
    said = heating.say("SetTemperature", unknown("zone", "sauna"), meant("degrees", "25"))
    assert said.startswith("There is no thermostat called sauna.")
    assert "set to 20" in heating.say("IndoorTemperature")


@pytest.mark.parametrize("degrees", ["70", "-3", "inf"])
def test_temperature_out_of_bounds_changes_nothing(skill: Open, degrees: str) -> None:
    heating = skill("thermostat")
    heating.say("SetTemperature", meant("degrees", degrees))
    assert "set to 20" in heating.say("IndoorTemperature")


def test_warmer_is_relative_and_wakes_the_heating(skill: Open) -> None:
    heating = skill("thermostat")
    assert heating.say("Warmer") == "I set the living room to 21 degrees."
    assert heating.say("Cooler", meant("degrees", "3")) == "I set the living room to 18 degrees."
    heating.say("SetMode", known("mode", "eco", "eco"))
    assert heating.say("Warmer").startswith("The heating is on again")
    assert heating.answer("SetMode", unknown("mode", "turbo")).ask == "mode"


def test_door_is_unlocked_only_after_a_yes(skill: Open) -> None:
    doors = skill("doors")
    front = known("door", "front door", "front")
    assert doors.answer("UnlockDoor", front).confirm
    assert doors.say("DoorStatus", front) == "The front door is locked."
    assert doors.say("UnlockDoor", front, confirmed=True) == "The front door is unlocked."
    assert doors.say("DoorStatus") == "Unlocked: front door."
    assert doors.say("LockDoor", front) == "The front door is locked."
    assert doors.say("LockDoor", front) == "The front door is already locked."


def test_unknown_door_unlocks_no_other(skill: Open) -> None:
    doors = skill("doors")
    said = doors.say("UnlockDoor", unknown("door", "vault"), confirmed=True)
    assert said.startswith("There is no door called vault.")
    assert doors.say("DoorStatus") == "All doors are locked."


def test_song_is_played_and_then_its_album(skill: Open) -> None:
    music = skill("music")
    wren = known("song", "wren", "wren", "Wren")
    assert music.say("PlayMusic", wren) == "Playing Wren by Odalys Finch."
    assert music.say("NextSong") == "Playing Snow on the Windowsill by Odalys Finch."
    assert music.say("PreviousSong") == "Playing Wren by Odalys Finch."
    assert music.say("PauseMusic") == "Paused."
    assert music.say("PauseMusic") == "Nothing is playing."
    assert music.say("ResumeMusic") == "Playing on: Wren by Odalys Finch."
    assert music.say("WhatsPlaying").endswith("from the album Feathers for Winter.")


def test_artist_nobody_knows_is_not_replaced(skill: Open) -> None:
    music = skill("music")
    said = music.say("PlayMusic", unknown("artist", "the kazoo kings"))
    assert said == "There is no artist called the kazoo kings on the shelf."
    mismatch = music.say(
        "PlayMusic", known("song", "Wren", "wren"), known("artist", "Luna Parade", "luna-parade")
    )
    assert mismatch == "There is no Wren by Luna Parade on the shelf."
    assert music.say("WhatsPlaying") == "Nothing is playing."
    assert music.say("NextSong").startswith("Nothing is playing.")


def test_album_plays_in_order_and_starts_over(skill: Open) -> None:
    music = skill("music")
    music.say("PlayMusic", known("album", "Pocket Galaxy", "pocket-galaxy"))
    songs = [music.say("NextSong") for _ in range(4)]
    assert [song.split(" by ")[0].removeprefix("Playing ") for song in songs] == [
        "Saturn Has a Dance Floor",
        "Comet Tail",
        "Zero Gravity Shoes",
        "Rocket in My Pocket",
    ]


def test_volume_has_bounds(skill: Open) -> None:
    music = skill("music")
    assert music.say("SetVolume", meant("level", "95")) == "Volume 95."
    assert music.say("VolumeUp") == "Volume 100."
    assert music.say("VolumeUp") == "The volume is already at 100."
    assert music.answer("SetVolume", meant("level", "300")).ask == "level"
    assert music.say("VolumeDown") == "Volume 90."


def test_each_device_has_a_player_of_its_own(skill: Open) -> None:
    music = skill("music")
    music.say("PlayMusic", known("genre", "jazz", "jazz"))
    assert music.say("WhatsPlaying", device=speaker("kitchen")) == "Nothing is playing."


def test_list_of_one_person_is_not_the_other_ones(skill: Open) -> None:
    lists = skill("list")
    assert lists.say("AddItem", known("item", "milk"), user="ana") == (
        "I added milk to your shopping list."
    )
    assert lists.say("ReadList", user="ben") == "Your shopping list is empty."
    assert lists.say("ReadList", user="ana") == "On your shopping list: milk."


def test_several_items_and_quantities_are_kept_as_said(skill: Open) -> None:
    lists = skill("list")
    eggs = known("item", "a dozen eggs", value="eggs")
    lists.say("AddItem", eggs, unknown("item", "some dragon fruit and star anise"))
    assert lists.say("ReadList") == (
        "On your shopping list: dozen eggs, dragon fruit and star anise."
    )
    assert lists.say("RemoveItem", known("item", "eggs")) == (
        "I took dozen eggs off your shopping list."
    )


def test_item_is_not_added_twice(skill: Open) -> None:
    lists = skill("list")
    lists.say("AddItem", unknown("item", "tomatoes"))
    again = lists.say("AddItem", unknown("item", "a tomato"))
    assert again == "Tomato is already on your shopping list."
    assert lists.say("HasItem", known("item", "tomatoes")).startswith("Yes")


def test_item_that_is_on_no_list_removes_nothing(skill: Open) -> None:
    lists = skill("list")
    lists.say("AddItem", known("item", "milk"))
    assert lists.say("RemoveItem", unknown("item", "oat milk")) == "Oat milk is not on any list."
    assert lists.say("HasItem", known("item", "bread")) == "No, bread is not on any list."
    assert lists.say("ReadList") == "On your shopping list: milk."


def test_unknown_list_touches_no_other(skill: Open) -> None:
    lists = skill("list")
    lists.say("AddItem", known("item", "milk"))
    said = lists.say("ClearList", unknown("list", "wedding"), confirmed=True)
    assert said.startswith("There is no list called wedding.")
    assert lists.say("ReadList") == "On your shopping list: milk."


def test_clearing_needs_the_name_when_several_lists_have_items(skill: Open) -> None:
    lists = skill("list")
    packing = known("list", "packing", "packing")
    lists.say("AddItem", known("item", "milk"))
    lists.say("AddItem", known("item", "passport"), packing)
    assert lists.answer("ClearList", confirmed=True).ask == "list"
    assert lists.say("ClearList", packing, confirmed=True) == "Your packing list is empty now."
    assert lists.say("ClearList", confirmed=True) == "Your shopping list is empty now."
    assert lists.say("ClearList", confirmed=True) == "Your shopping list is already empty."
