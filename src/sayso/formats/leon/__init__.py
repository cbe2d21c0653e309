"""Leon's skills: actions with sample utterances, a JSON file for each language.

files.py      which file is what, of which skill and locale
templates.py  a sample utterance -> a tree of the grammar
language.py   the file of one language -> `Language`
values.py     its entities and resolvers -> slot types
reader.py     a tree of files -> skills
"""

from sayso.formats.leon.reader import LEON

__all__ = ["LEON"]
