"""A service of our own writing that no dialogue was ever about: boats for hire."""

from __future__ import annotations

from sayso.types.skills import Intent, Language, Slot, SlotType, TypeValue

LAKE = Slot("lake_name", "AMAZON.SearchQuery", required=True, description="Name of the lake")
DAY = Slot("hire_date", "AMAZON.DATE", required=True, description="Date on which to hire the boat")
SEATS = Slot("number_of_seats", "seats", description="Number of seats in the boat")
MOTOR = Slot("has_motor", "yes_no", description="Whether the boat has a motor")
HIRE = Intent(
    "HireBoat",
    ("hire a boat",),
    (LAKE, DAY, SEATS, MOTOR),
    description="Hire a boat for a day",
    side_effects=True,
)
FIND = Intent("FindBoats", ("find a boat",), (LAKE, SEATS), description="Search for boats")
LANGUAGE = Language(
    "en-US",
    "boats",
    "Boats for hire on lakes",
    intents=(FIND, HIRE),
    types=(
        SlotType("seats", tuple(TypeValue(str(count)) for count in (2, 4, 6))),
        SlotType("yes_no", (TypeValue("True", None, ("yes",)), TypeValue("False", None, ("no",)))),
    ),
)
