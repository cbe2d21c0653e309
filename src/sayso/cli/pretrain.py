"""`sayso pretrain`: Sayso's own encoder, from MiniLM and public sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.cli.output import AsJson, console, print_json, progress

_TEACHER_LAYERS = 6


def pretrain(
    data: Annotated[Path, typer.Argument(help="Folder with nlu/, skills/, rewrites/, asr/, ...")],
    out: Annotated[Path, typer.Argument(help="Folder to write the encoder to.")],
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="SET", help="Learn nothing that stands in this set; repeatable."),
    ] = None,
    teacher: Annotated[
        Path | None, typer.Option(help="Folder of MiniLM; else an installed package that holds it.")
    ] = None,
    layers: Annotated[str, typer.Option(help="Layers of the teacher to start from.")] = "0,1,3,4,5",
    heads: Annotated[int, typer.Option(min=1, help="Attention heads a layer keeps.")] = 8,
    inner: Annotated[int, typer.Option(min=1, help="Inner neurons a layer keeps.")] = 768,
    vocabulary: Annotated[int, typer.Option(min=1, help="Word pieces to keep.")] = 14_000,
    distil_steps: Annotated[
        int, typer.Option(min=0, help="Steps of distilling; 0 for none.")
    ] = 900,
    task_steps: Annotated[int, typer.Option(min=0, help="Steps of many tasks; 0 for none.")] = 500,
    seed: Annotated[int, typer.Option(help="Of everything random.")] = 1,
    name: Annotated[str, typer.Option(help="Name on the card.")] = "sayso-english",
    as_json: AsJson = False,
) -> None:
    """Make an encoder: distil MiniLM into a smaller one, then teach it many tasks at once.

    Needs the extra `train` (torch). Runs for half an hour on two cores; uses a GPU where there is
    one. A run that was stopped goes on where it stood.
    """
    from sayso.errors import MissingExtraError

    chosen = _layers(layers)
    try:
        from sayso.training.pretraining import minilm
        from sayso.training.pretraining.recipe import Recipe
        from sayso.training.pretraining.steps import pretrain as run
    except ImportError as error:
        raise MissingExtraError(error.name or "torch", "train") from error
    recipe = Recipe(
        layers=chosen,
        heads=heads,
        inner=inner,
        vocabulary=vocabulary,
        distil_steps=distil_steps,
        task_steps=task_steps,
        without=tuple(without or ()),
        seed=seed,
    )
    with progress(quiet=as_json) as tell:
        measured = run(
            data,
            out,
            minilm.find_minilm(teacher),
            recipe,
            name=name,
            progress=tell,
        )
    if as_json:
        print_json({"encoder": str(out), **measured})
    else:
        console().print(f"{out}: made in {measured['seconds'] / 60:.0f} min; {measured}")


def _layers(text: str) -> tuple[int, ...]:
    try:
        layers = tuple(int(layer) for layer in text.split(","))
    except ValueError:
        layers = ()
    if not layers or not set(layers) <= set(range(_TEACHER_LAYERS)):
        raise typer.BadParameter(
            f"{text}: give numbers from 0 to {_TEACHER_LAYERS - 1}, such as 0,1,3,5",
            param_hint="--layers",
        )
    return layers
