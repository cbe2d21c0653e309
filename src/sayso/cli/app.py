"""The verbs, in the order in which a newcomer needs them."""

from __future__ import annotations

import typer

from sayso.cli.backup import backup, restore
from sayso.cli.chat import chat
from sayso.cli.demo import demo
from sayso.cli.doctor import doctor
from sayso.cli.evaluate import evaluate
from sayso.cli.explain import explain
from sayso.cli.imports import import_
from sayso.cli.key import key
from sayso.cli.new import new
from sayso.cli.say import say
from sayso.cli.serve import serve
from sayso.cli.train import train

app = typer.Typer(
    name="sayso",
    help="Finds the right skill for what people say, fills its slots, runs it and answers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for verb in (demo, new, train, chat, say, explain, serve, doctor, key, backup, restore):
    app.command()(verb)
app.command("import")(import_)
app.command("eval")(evaluate)
