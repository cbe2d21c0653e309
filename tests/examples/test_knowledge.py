"""Weather, units, calculator, dice and recipes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sayso.skills.folders import read_skill
from tests.examples.skill import HOME, PythonSkill, known, meant, unknown

Open = Callable[[str], PythonSkill]


def test_weather_says_that_it_is_no_forecast_and_guesses_the_same_twice(skill: Open) -> None:
    weather = skill("weather")
    oslo = known("city", "oslo", "oslo", "Oslo")
    said = weather.say("Forecast", oslo, meant("date", "2026-11-22"))
    assert "no live forecast" in said
    assert "Oslo" in said
    assert said == weather.say("Forecast", oslo, meant("date", "2026-11-22"))
    assert said != weather.say("Forecast", oslo, meant("date", "2026-11-29"))


def test_weather_of_a_month_is_the_normal_itself(skill: Open) -> None:
    weather = skill("weather")
    said = weather.say(
        "OutsideTemperature", known("city", "Oslo", "oslo"), meant("date", "2027-01")
    )
    assert said.endswith("Oslo has highs of 0 and lows of -6 degrees in January.")


def test_city_is_the_home_city_else_that_of_the_time_zone_else_asked_for(skill: Open) -> None:
    weather = skill("weather")
    assert "Berlin" in weather.say("WillItRain")
    assert weather.answer("WillItRain", time_zone="UTC").ask == "city"
    weather.say("SetHomeCity", known("city", "rio", "rio-de-janeiro", "Rio de Janeiro"), user="ana")
    assert "Rio de Janeiro" in weather.say("WillItRain", user="ana")
    assert "Berlin" in weather.say("WillItRain", user="ben")


def test_unknown_city_gets_no_other_weather(skill: Open) -> None:
    said = skill("weather").say("Forecast", unknown("city", "Gotham"))
    assert said == "Gotham is not in my almanac."


def test_snow_falls_only_where_it_is_cold(skill: Open) -> None:
    weather = skill("weather")
    july = meant("date", "2027-07-10")
    assert "too warm for snow" in weather.say("WillItSnow", known("city", "Cairo", "cairo"), july)
    january = meant("date", "2027-01")
    assert "chance of snow" in weather.say(
        "WillItSnow", known("city", "Helsinki", "helsinki"), january
    )
    assert "coat" in weather.say("WhatToWear", known("city", "Oslo", "oslo"), january)


@pytest.mark.parametrize("date", ["2026-W48", "2026-W48-WE", "2026-12", "PRESENT_REF"])
def test_weather_understands_every_shape_of_date_it_claims_to(skill: Open, date: str) -> None:
    assert "no live forecast" in skill("weather").say("Forecast", meant("date", date))


def test_weather_of_a_decade_is_declined(skill: Open) -> None:
    assert skill("weather").say("Forecast", meant("date", "202X")).startswith("Ask me about")


def test_every_city_of_the_catalogue_has_a_whole_row() -> None:
    language = read_skill(HOME / "skills" / "weather").languages[0]
    kind = language.type("CITY")
    assert kind is not None
    lines = (HOME / "skills/weather/climate.csv").read_text(encoding="utf-8").splitlines()
    rows = {line.split(";")[0]: line.split(";")[1:] for line in lines if line[0] != "#"}
    assert {value.id for value in kind.values} == rows.keys()
    for name, parts in rows.items():
        high, low, wet = ([int(n) for n in part.split()] for part in parts)
        assert len(high) == len(low) == len(wet) == 12, name
        assert all(a > b for a, b in zip(high, low, strict=True)), name
        assert all(0 <= days <= 31 for days in wet), name


@pytest.mark.parametrize(
    ("amount", "source", "target", "expected"),
    [
        ("5", "mi", "km", "5 miles are about 8.047 kilometers."),
        ("70", "f", "c", "70 degrees Fahrenheit are about 21.11 degrees Celsius."),
        ("-40", "c", "f", "-40 degrees Celsius are -40 degrees Fahrenheit."),
        ("1", "oz", "g", "1 ounce is about 28.35 grams."),
        ("2.5", "kg", "g", "2.5 kilograms are 2,500 grams."),
        ("0", "c", "k", "0 degrees Celsius are about 273.1 kelvins."),
        ("3", "d", "h", "3 days are 72 hours."),
    ],
)
def test_units_are_converted(
    skill: Open, amount: str, source: str, target: str, expected: str
) -> None:
    units = skill("units")
    said = units.say(
        "Convert",
        meant("amount", amount),
        known("from", source, source),
        known("to", target, target),
    )
    assert said == expected


def test_no_amount_means_one(skill: Open) -> None:
    said = skill("units").say("Convert", known("from", "inch", "in"), known("to", "cm", "cm"))
    assert said == "1 inch is 2.54 centimeters."


def test_units_of_two_kinds_are_not_converted(skill: Open) -> None:
    units = skill("units")
    said = units.say("Convert", known("from", "miles", "mi"), known("to", "kilos", "kg"))
    assert said == "Miles measure a length and kilograms a weight: that won't go."
    said = units.say("Convert", unknown("from", "parsecs"), known("to", "kilos", "kg"))
    assert said == "I don't know the unit parsecs."


def test_every_unit_of_the_catalogue_can_be_converted(skill: Open) -> None:
    kind = read_skill(HOME / "skills" / "units").languages[0].type("UNIT")
    assert kind is not None
    units = skill("units")
    for value in kind.values:
        same = known("from", value.value, value.id), known("to", value.value, value.id)
        assert units.say("Convert", meant("amount", "7"), *same).startswith("7 ")


@pytest.mark.parametrize(
    ("first", "operator", "second", "expected"),
    [
        ("17", "multiply", "23", "17 times 23 is 391."),
        ("0.1", "add", "0.2", "0.1 plus 0.2 is 0.3."),
        ("1", "divide", "3", "1 divided by 3 is about 0.333333."),
        ("1", "divide", "0", "Nothing can be divided by 0."),
        ("2", "power", "10", "2 to the power of 10 is 1,024."),
        ("9", "power", "5000", "I raise to powers up to 100."),
        ("5", "subtract", "8", "5 minus 8 is -3."),
        ("?", "add", "8", "Which number?"),
    ],
)
def test_sums(skill: Open, first: str, operator: str, second: str, expected: str) -> None:
    said = skill("calculator").say(
        "Calculate",
        meant("first", first),
        known("operator", operator, operator),
        meant("second", second),
    )
    assert said == expected


def test_percent_root_bill_and_tip(skill: Open) -> None:
    calculator = skill("calculator")
    percent = calculator.say("Percentage", meant("percent", "15"), meant("whole", "80"))
    assert percent == "15 percent of 80 is 12."
    assert calculator.say("SquareRoot", meant("number", "144")).endswith("is 12.")
    assert calculator.say("SquareRoot", meant("number", "-1")).startswith("A negative number")
    bill = calculator.say("SplitBill", meant("total", "90"), meant("people", "4"))
    assert bill == "90 between 4 is 22.50 each."
    assert calculator.say("SplitBill", meant("total", "90"), meant("people", "0")).startswith(
        "I can"
    )
    assert calculator.say("Tip", meant("total", "50")) == "10 percent of 50 is 5, 55 in all."
    huge = meant("first", "9" * 15), known("operator", "power", "power"), meant("second", "100")
    assert calculator.say("Calculate", *huge)


def test_dice_and_coins_stay_in_bounds(skill: Open) -> None:
    dice = skill("dice")
    for seed in range(20):
        thrown = dice.say("RollDice", meant("count", "2"), meant("sides", "4"), seed=str(seed))
        assert 2 <= int(thrown.split(": ")[1].split()[0]) <= 8
        assert dice.say("FlipCoin", seed=str(seed)) in ("Heads.", "Tails.")
    assert dice.say("AMAZON.RepeatIntent").startswith("It was: ")
    assert dice.say("RollDice", meant("count", "500")) == "I can throw 1 to 20 dice."
    assert dice.say("RollDice", meant("count", "1.5")) == "I can throw 1 to 20 dice."
    assert dice.say("RollDice", meant("sides", "1")) == "A die of mine has 2 to 1000 sides."
    picked = dice.say("PickNumber", meant("low", "9"), meant("high", "9"))
    assert picked == "I pick 9."


def test_recipe_is_walked_through(skill: Open) -> None:
    recipes = skill("recipes")
    first = recipes.answer("StartRecipe", known("dish", "omelet", "cheese_omelette"))
    assert "Step 1 of 4: Beat the eggs" in first.speech
    assert first.reprompt
    assert recipes.say("NextStep").startswith("Step 2 of 4")
    assert recipes.say("AMAZON.RepeatIntent").startswith("Step 2 of 4")
    assert recipes.say("PreviousStep").startswith("Step 1 of 4")
    assert recipes.say("PreviousStep").startswith("That's the first step. Step 1 of 4")
    eggs = recipes.answer("HowMuch", known("ingredient", "eggs", "eggs"))
    assert eggs.speech == "3 eggs for cheese omelette."
    assert eggs.ended is False
    for _ in range(3):
        recipes.say("AMAZON.NextIntent")
    assert recipes.say("AMAZON.NextIntent") == "That was the last step. Enjoy your cheese omelette!"


def test_recipe_goes_on_after_an_interruption_but_not_the_next_day(skill: Open) -> None:
    recipes = skill("recipes")
    recipes.say("StartRecipe", known("dish", "guacamole", "guacamole"))
    recipes.attributes.clear()
    assert recipes.say("NextStep").startswith("Step 2 of 3")
    recipes.attributes.clear()
    assert recipes.say("NextStep", user="ben").startswith("No recipe is open.")
    recipes.attributes.clear()
    recipes.later(days=1)
    assert recipes.say("NextStep").startswith("No recipe is open.")


def test_unknown_dish_or_ingredient_starts_no_other_recipe(skill: Open) -> None:
    recipes = skill("recipes")
    said = recipes.say("StartRecipe", unknown("dish", "beef wellington"))
    assert said.startswith("I have no recipe with beef wellington.")
    assert recipes.say("NextStep").startswith("No recipe is open.")
    assert recipes.say("DinnerIdea", unknown("ingredient", "tripe")).startswith("I have no recipe")
    assert recipes.answer("Ingredients").ask == "dish"


def test_dinner_idea_holds_the_ingredient(skill: Open) -> None:
    said = skill("recipes").say("DinnerIdea", known("ingredient", "bananas", "bananas"))
    assert said.startswith("How about banana bread with bananas?")


def test_every_dish_and_ingredient_of_the_catalogue_is_in_a_recipe(skill: Open) -> None:
    language = read_skill(HOME / "skills" / "recipes").languages[0]
    recipes = skill("recipes")
    dishes, ingredients = language.type("DISH"), language.type("INGREDIENT")
    assert dishes is not None
    assert ingredients is not None
    for dish in dishes.values:
        assert "Step 1" in recipes.say("StartRecipe", known("dish", dish.value, dish.id))
    for each in ingredients.values:
        idea = recipes.say("DinnerIdea", known("ingredient", each.value, each.id))
        assert idea.startswith("How about"), each.value
