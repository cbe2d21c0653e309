"""The verbs, in the order in which a newcomer needs them, each with an example."""

from __future__ import annotations

import typer

from sayso.cli.approve import approve
from sayso.cli.backup import backup, restore
from sayso.cli.bench import bench
from sayso.cli.chat import chat
from sayso.cli.demo import demo
from sayso.cli.doctor import doctor
from sayso.cli.evaluate import evaluate
from sayso.cli.explain import explain
from sayso.cli.export import export
from sayso.cli.hermes import hermes
from sayso.cli.imports import import_
from sayso.cli.key import key
from sayso.cli.learn import learn
from sayso.cli.lint import lint
from sayso.cli.log import log
from sayso.cli.mcp import mcp
from sayso.cli.new import new
from sayso.cli.pretrain import pretrain
from sayso.cli.rewrites import rewrites
from sayso.cli.say import say
from sayso.cli.serve import serve
from sayso.cli.signing import signing
from sayso.cli.skills import skills
from sayso.cli.test import play_dialogues
from sayso.cli.train import train
from sayso.cli.users import users
from sayso.cli.versions import rollback, versions
from sayso.cli.wyoming import wyoming

app = typer.Typer(
    name="sayso",
    help="Finds the right skill for what people say, fills its slots, runs it and answers.",
    epilog="Begin with: sayso demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for name, verb, example in (
    ("demo", demo, "sayso demo --keep home"),
    ("new", new, "sayso new home --time-zone Europe/Berlin"),
    ("import", import_, "sayso import my-alexa-skill/ --to home"),
    ("export", export, "sayso export home --format rasa --to rasa/"),
    ("train", train, "sayso train home --watch"),
    ("chat", chat, "sayso chat home --user ana"),
    ("say", say, 'sayso say home "wake me at half past six" --user ana --json'),
    ("explain", explain, 'sayso explain home "wake me at half past six"'),
    ("serve", serve, "sayso serve home --port 8080 --workers 2"),
    ("wyoming", wyoming, "sayso wyoming home --uri tcp://127.0.0.1:10400"),
    ("mcp", mcp, "sayso mcp home --user ana"),
    ("hermes", hermes, "sayso hermes home --host broker.local"),
    ("learn", learn, "sayso learn home"),
    ("approve", approve, "sayso approve home bedtime-stories --by ana"),
    ("versions", versions, "sayso versions home"),
    ("rollback", rollback, "sayso rollback home"),
    ("test", play_dialogues, "sayso test home"),
    ("eval", evaluate, "sayso eval home tests.csv --min intent_accuracy=0.9"),
    ("lint", lint, "sayso lint home --skill my-new-skill/ --strict"),
    ("doctor", doctor, "sayso doctor home"),
    ("key", key, "sayso key home --role talk --user ana"),
    ("signing", signing, "sayso signing home"),
    ("pretrain", pretrain, "sayso pretrain data/ encoder/ --without clinc150"),
    ("backup", backup, "sayso backup home home.zip"),
    ("restore", restore, "sayso restore home.zip home"),
):
    app.command(name, epilog=f"Example: {example}")(verb)
app.add_typer(skills, name="skills")
app.add_typer(rewrites, name="rewrites")
app.add_typer(users, name="users")
app.add_typer(log, name="log")
app.add_typer(bench, name="bench")
