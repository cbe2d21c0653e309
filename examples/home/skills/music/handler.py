"""A record player with a small shelf of invented records; each device has a player of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sayso.fulfilment.handler import Card, Request, Response

STEP = 10
PARTS = ("song", "artist", "album", "genre")
RECORDS = json.loads(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))
SONGS: list[dict[str, str]] = [
    {"song": song, **{part: record[part] for part in PARTS[1:]}}
    for record in RECORDS
    for song in record["songs"]
]

Player = dict[str, Any]  # queue (places in SONGS), at (place in the queue), playing, volume


def handle(request: Request) -> Response | str:
    """Answer one call."""
    if request.kind == "launch":
        return Response(f"{len(SONGS)} songs are on the shelf. What shall I play?", ended=False)
    if request.kind == "session_ended":
        return ""
    if request.intent not in INTENTS:
        return Response("Say for example: play something by Velvet Harbor.", ended=False)
    with request.storage.transaction():
        key = f"player:{request.device.id}"
        player: Player = {"queue": [], "at": 0, "playing": False, "volume": 40}
        player |= request.storage.get(key, {})
        reply = INTENTS[request.intent](request, player)
        request.storage[key] = player
        return reply


def _play(request: Request, player: Player) -> Response | str:
    wanted = [request.slots[part] for part in PARTS if part in request.slots]
    for slot in wanted:
        if not slot.matched:  # nothing is played in its place
            return f"There is no {slot.name} called {slot.value} on the shelf."
    queue = [place for place, song in enumerate(SONGS) if _fits(song, request)]
    if not queue:
        return f"There is no {' by '.join(wanted[:2])} on the shelf."
    if "album" not in request.slots:
        request.random.shuffle(queue)
    if "song" in request.slots:  # and then on with its album
        album = SONGS[queue[0]]["album"]
        queue += [p for p, song in enumerate(SONGS) if song["album"] == album and p != queue[0]]
    player.update(queue=queue, at=0, playing=True)
    return _now(player, "Playing")


def _fits(song: dict[str, str], request: Request) -> bool:
    return all(song[part] == request.slot(part, song[part]) for part in PARTS)


def _pause(_request: Request, player: Player) -> Response | str:
    if not player["playing"]:
        return "Nothing is playing."
    player["playing"] = False
    return "Paused."


def _resume(request: Request, player: Player) -> Response | str:
    if not player["queue"]:
        return _play(request, player)
    player["playing"] = True
    return _now(player, "Playing on:")


def _skip(player: Player, by: int) -> Response | str:
    if not player["queue"]:
        return "Nothing is playing. Ask for some music first."
    player.update(at=(player["at"] + by) % len(player["queue"]), playing=True)
    return _now(player, "Playing")


def _next(_request: Request, player: Player) -> Response | str:
    return _skip(player, 1)


def _previous(_request: Request, player: Player) -> Response | str:
    return _skip(player, -1)


def _what(_request: Request, player: Player) -> Response | str:
    if not player["queue"]:
        return "Nothing is playing."
    return _now(player, "This is" if player["playing"] else "Paused:", with_album=True)


def _set_volume(request: Request, player: Player) -> Response | str:
    try:
        level = round(float(request.slot("level") or ""))
    except (ValueError, OverflowError):
        level = -1
    if not 0 <= level <= 100:
        return Response("The volume goes from 0 to 100. How loud?", ask="level")
    player["volume"] = level
    return f"Volume {level}."


def _louder(_request: Request, player: Player) -> Response | str:
    return _turn(player, STEP)


def _quieter(_request: Request, player: Player) -> Response | str:
    return _turn(player, -STEP)


def _turn(player: Player, by: int) -> Response | str:
    before = player["volume"]
    player["volume"] = min(100, max(0, before + by))
    if player["volume"] == before:
        return f"The volume is already at {before}."
    return f"Volume {player['volume']}."


INTENTS: dict[str, Callable[[Request, Player], Response | str]] = {
    "PlayMusic": _play,
    "PauseMusic": _pause,
    "AMAZON.StopIntent": _pause,
    "AMAZON.CancelIntent": _pause,
    "ResumeMusic": _resume,
    "NextSong": _next,
    "PreviousSong": _previous,
    "WhatsPlaying": _what,
    "SetVolume": _set_volume,
    "VolumeUp": _louder,
    "VolumeDown": _quieter,
}


def _now(player: Player, lead: str, *, with_album: bool = False) -> Response:
    song = SONGS[player["queue"][player["at"]]]
    album = f", from the album {song['album']}" if with_album else ""
    speech = f"{lead} {song['song']} by {song['artist']}{album}."
    return Response(
        speech, card=Card(title=song["song"], text=f"{song['artist']}\n{song['album']}")
    )
