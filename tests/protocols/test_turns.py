from __future__ import annotations

import asyncio
import threading

import pytest

from sayso.protocols.turns import Busy, Turns


def test_one_call_too_many_is_turned_away_and_the_others_are_done() -> None:
    go_on = threading.Event()

    async def crowd() -> list[bool]:
        turns = Turns(threads=2, longest=1)
        calls = [asyncio.create_task(turns.run(go_on.wait, 20)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="try again"):
            await turns.run(go_on.wait)
        go_on.set()
        done = list(await asyncio.gather(*calls))
        assert await turns.run(int, "7") == 7  # there is room again
        return done

    assert asyncio.run(crowd()) == [True, True, True]


def test_what_a_call_raises_comes_back() -> None:
    with pytest.raises(ValueError, match="x"):
        asyncio.run(Turns().run(int, "x"))
