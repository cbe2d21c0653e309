"""Amazon Lex bots -> skills, from the zip that Lex exports or a folder of it.

bot_v1.py    the one file of a bot of Lex V1
bots.py      which files are a bot's, and its skill
intents.py   an intent: samples, slots, questions, replies
types.py     slot types, and Lex's built-in ones
messages.py  what a bot says
"""

from sayso.formats.lex.bots import LEX

__all__ = ["LEX"]
