"""Trials -> which layers of second thoughts go on serving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sayso.rewriting.trials import SURE
from sayso.types.lessons import Trial
from sayso.understanding.online.layers import ALL_ON, Layers, Serving, id_of
from sayso.understanding.online.suggest import Layer


def tried(before: Layers, trials: Mapping[str, Trial]) -> Layers:
    """The layers after a run; trials: by id of a rewriting. What proved worse goes off."""
    after: dict[Layer, Serving] = {}
    for layer in ALL_ON:
        now = before.get(layer, Serving())
        trial = trials.get(id_of(layer), now.trial)
        worse = trial is not None and trial.worse >= SURE
        after[layer] = replace(now, trial=trial, off=not now.by_hand and (now.off or worse))
    return after


def turned_on(before: Layers) -> Layers:
    """The same, whatever was off is on by hand."""
    return {
        layer: replace(now, off=False, by_hand=True) if now.off else now
        for layer, now in before.items()
    }


def in_words(layers: Layers) -> list[str]:
    """A line for each layer that was tried, or is off."""
    return [_line(layer, now) for layer, now in layers.items() if now.trial or now.off]


def _line(layer: Layer, now: Serving) -> str:
    state = "off, for it proved worse" if now.off else "on by hand" if now.by_hand else "on"
    trial = now.trial
    if trial is None:
        return f"{id_of(layer)}: {state}"
    return (
        f"{id_of(layer)}: {state}; {trial.applied_defects} of {trial.applied} went wrong where "
        f"applied, {trial.held_out_defects} of {trial.held_out} where held out; e-value for better "
        f"{trial.better:.3g}, for worse {trial.worse:.3g}"
    )
