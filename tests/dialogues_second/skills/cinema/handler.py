"""Seats of a small cinema. What is wrong is asked again; seats are booked after a yes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sayso.fulfilment.handler import Request, Response

FILMS = {
    "moth": "Moth Season",
    "accordion": "A Borrowed Accordion",
    "marble": "Marble Street",
    "bridge": "The Northern Bridge",
}
MOST_SEATS = 8
AHEAD = timedelta(days=14)  # how far ahead seats are sold

Booking = dict[str, Any]  # film, date, showing, seats


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response("Welcome to the Corner Cinema. Which film shall it be?", ended=False)
    if request.kind == "session_ended" or request.intent in CLOSING:
        return "See you at the movies."
    with request.storage.transaction():
        return INTENTS.get(request.intent, _help)(request)


def _book(request: Request) -> Response | str:
    wrong = _wrong(request)
    if wrong is not None:
        return wrong
    film, showing = request.slots["film"], request.slots["showing"]
    seats, day = int(float(request.slot("seats") or 0)), str(request.slot("date"))
    said = f"{seats} seats for {film} on {day}, the {showing} showing"
    if not request.confirmed:
        return Response(f"{said}. Shall I book them?", confirm=True)
    made = {"film": film.id, "date": day, "showing": str(showing), "seats": seats}
    _save(request, [*_bookings(request), made])
    return f"Booked: {said}."


def _wrong(request: Request) -> Response | None:
    """The question for the first slot that is missing or cannot be; None where all is well."""
    film, showing = request.slots.get("film"), request.slots.get("showing")
    if film is None or film.id not in FILMS:
        return Response(f"Which film? There are {', '.join(FILMS.values())}.", ask="film")
    day, today = _day(request.slot("date")), request.now.date()
    if day is None:
        return Response("On which single day?", ask="date")
    if not today <= day <= today + AHEAD:
        return Response("I sell seats from today to two weeks ahead. Which day?", ask="date")
    if showing is None or showing.id is None:
        return Response("The afternoon, the evening or the late showing?", ask="showing")
    if not 1 <= _number(request.slot("seats")) <= MOST_SEATS:
        return Response(f"I can book one to {MOST_SEATS} seats. How many?", ask="seats")
    return None


def _programme(_request: Request) -> str:
    return f"On are {', '.join(FILMS.values())}."


def _mine(request: Request) -> str:
    rows = [
        f"{b['seats']} seats for {FILMS[b['film']]} on {b['date']}, the {b['showing']} showing"
        for b in _bookings(request)
    ]
    return f"You have {'; '.join(rows)}." if rows else "You have no seats booked."


def _give_back(request: Request) -> Response | str:
    film = request.slots.get("film")
    if film is None or film.id not in FILMS:
        return Response("The seats for which film?", ask="film")
    kept = [b for b in _bookings(request) if b["film"] != film.id]
    if len(kept) == len(_bookings(request)):
        return f"You have no seats for {film}."
    _save(request, kept)
    return f"The seats for {film} are given back."


def _help(_request: Request) -> Response:
    return Response("Say for example: two seats for Moth Season tomorrow.", ended=False)


CLOSING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")
INTENTS = {
    "BookSeats": _book,
    "WhatIsOn": _programme,
    "MyBookings": _mine,
    "GiveBack": _give_back,
}


def _bookings(request: Request) -> list[Booking]:
    return list(request.storage.get(f"bookings:{request.user}", []))


def _save(request: Request, bookings: list[Booking]) -> None:
    request.storage[f"bookings:{request.user}"] = bookings


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value or "") if len(value or "") == len("2026-11-20") else None
    except ValueError:
        return None


def _number(value: str | None) -> float:
    """The number, or 0, which is no number of seats."""
    try:
        return float(value or 0)
    except ValueError:
        return 0.0
