"""Thingpedia's skills (Genie, Almond): ThingTalk datasets, classes, and annotated dialogues.

tokens.py     ThingTalk's words
documents.py  a .tt file -> its datasets and classes as plain data
programs.py   what a program calls, and the values in it
dialogues.py  annotated.txt -> its turns as plain data
spoken.py     utterances and user turns -> samples and rows of a test set
making.py     documents and dialogues -> intents in the making
language.py   these -> `Language`
reader.py     a tree of files -> skills
"""

from sayso.formats.thingpedia.reader import THINGPEDIA

__all__ = ["THINGPEDIA"]
