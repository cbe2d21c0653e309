"""Rasa's training data <-> ours: YAML of Rasa 2 and 3, Markdown and JSON of Rasa 1.

project.py     which files are Rasa's, and which of them make one skill
spans.py       one example: words and annotated entities
items.py       NLU blocks: intents, synonyms, lookups and regexes of YAML
markdown.py    the same, stories and responses, as Rasa 1 wrote them
json_data.py   the same in the JSON of Rasa 1
gathered.py    the files of one project, read and sorted
domain.py      slots, forms and responses
links.py       rules and stories: which form an intent begins, and what it is answered
entities.py    entities -> slot types
intents.py     intents with their slots and prompts
replies.py     responses -> replies
tests.py       test conversations and held-out examples -> rows of test sets
accounts.py    what became of the lines of a domain, of stories and settings
read.py        all of it -> `Skill`
nlu.py         `Skill` -> examples, lookups and synonyms
write.py       `Skill` -> the files of a Rasa project
"""

from __future__ import annotations

from sayso.formats.format import Format
from sayso.formats.rasa.read import claims, read
from sayso.formats.rasa.write import write

RASA = Format("rasa", "Rasa project: NLU YAML of Rasa 2 and 3, Markdown of 1", claims, read, write)
