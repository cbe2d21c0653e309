from __future__ import annotations

from sayso.runtime.home import Home


def test_a_home_that_was_warmed_up_answers_as_ever_and_closes(home: Home) -> None:
    cold = home.find("lock the front door", 3)
    warming = home.warm_up()
    assert home.warm_up() is warming
    warming.wait()
    assert home.find("lock the front door", 3) == cold


def test_a_home_closes_while_it_warms_up(home: Home) -> None:
    home.warm_up()
    home.close()
    home.close()
