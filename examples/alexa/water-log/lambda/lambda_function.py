"""Water Log: persistent attributes, kept in a file by an adapter of its own.

On Amazon's servers one would write `StandardSkillBuilder(table_name=...)`; where there is no
DynamoDB an adapter of two methods does the same.
"""

import json
import os
import sqlite3
from pathlib import Path

from ask_sdk_core.attributes_manager import AbstractPersistenceAdapter
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_core.utils import get_slot_value, is_intent_name, is_request_type

# Sayso says where a skill may keep its files; a web service keeps them where it runs.
FILE = Path(os.environ.get("SAYSO_DATA", ".")) / "water-log.db"


class FilePersistence(AbstractPersistenceAdapter):
    """The attributes of each user, as JSON, in a file of SQLite."""

    def _open(self):
        FILE.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(FILE, timeout=5)
        database.execute("CREATE TABLE IF NOT EXISTS kept (user TEXT PRIMARY KEY, attributes TEXT)")
        return database

    def get_attributes(self, request_envelope):
        user = request_envelope.context.system.user.user_id
        with self._open() as database:
            query = "SELECT attributes FROM kept WHERE user = ?"
            row = database.execute(query, (user,)).fetchone()
        return json.loads(row[0]) if row else {}

    def save_attributes(self, request_envelope, attributes):
        user = request_envelope.context.system.user.user_id
        with self._open() as database:
            query = "INSERT OR REPLACE INTO kept VALUES (?, ?)"
            database.execute(query, (user, json.dumps(attributes)))

    def delete_attributes(self, request_envelope):
        user = request_envelope.context.system.user.user_id
        with self._open() as database:
            database.execute("DELETE FROM kept WHERE user = ?", (user,))


sb = CustomSkillBuilder(persistence_adapter=FilePersistence())


def glasses(number):
    return "1 glass" if number == 1 else f"{number} glasses"


def bye(handler_input, words):
    return handler_input.response_builder.speak(words).set_should_end_session(True).response


@sb.request_handler(is_request_type("LaunchRequest"))
def welcome(handler_input):
    kept = handler_input.attributes_manager.persistent_attributes
    kept["visits"] = kept.get("visits", 0) + 1
    handler_input.attributes_manager.save_persistent_attributes()
    again = f" for the {kept['visits']}. time" if kept["visits"] > 1 else ""
    question = "How many glasses of water did you drink?"
    builder = handler_input.response_builder.speak(f"Welcome{again}. {question}")
    return builder.ask(question).response


@sb.request_handler(is_intent_name("DrinkIntent"))
def drink(handler_input):
    said = get_slot_value(handler_input, "glasses")
    number = int(said) if said and said.isdigit() else 1
    kept = handler_input.attributes_manager.persistent_attributes
    kept["total"] = kept.get("total", 0) + number
    handler_input.attributes_manager.save_persistent_attributes()
    return bye(handler_input, f"Noted. That makes {glasses(kept['total'])}.")


@sb.request_handler(is_intent_name("TotalIntent"))
def total(handler_input):
    kept = handler_input.attributes_manager.persistent_attributes
    return bye(handler_input, f"You drank {glasses(kept.get('total', 0))} of water.")


@sb.request_handler(is_intent_name("ClearIntent"))
def clear(handler_input):
    handler_input.attributes_manager.session_attributes["clearing"] = True
    builder = handler_input.response_builder.speak("Forget all glasses?")
    return builder.ask("Shall I forget all glasses?").response


@sb.request_handler(
    lambda h: (
        is_intent_name("AMAZON.YesIntent")(h)
        and h.attributes_manager.session_attributes.get("clearing")
    )
)
def yes(handler_input):
    handler_input.attributes_manager.delete_persistent_attributes()
    return bye(handler_input, "The log is empty.")


@sb.request_handler(is_request_type("SessionEndedRequest"))
def ended(handler_input):
    return handler_input.response_builder.response


@sb.request_handler(lambda h: True)
def anything_else(handler_input):
    for name in ("AMAZON.StopIntent", "AMAZON.CancelIntent", "AMAZON.NoIntent"):
        if is_intent_name(name)(handler_input):
            return bye(handler_input, "Cheers.")
    said = "Say for example: I drank two glasses of water."
    return handler_input.response_builder.speak(said).ask(said).response


lambda_handler = sb.lambda_handler()
