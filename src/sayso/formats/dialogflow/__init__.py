"""Dialogflow agents -> skills: ES exports (zip or folder) and CX packages of JSON files.

agents.py        finding the agents in a tree, and their files
es.py            agent.json, intents/, entities/ of an ES agent
es_intents.py    an ES intent: parameters, prompts, responses
cx.py            intents/, entityTypes/ of a CX agent
cx_flows.py      its flows and pages: what is answered, what is asked for
phrases.py       training phrases -> samples, and the slots they mark
entities.py      entity types -> slot types
system_types.py  @sys.* -> built-in types
"""

from sayso.formats.dialogflow.agents import DIALOGFLOW

__all__ = ["DIALOGFLOW"]
