"""Home Assistant's sentences (hassil): custom_sentences, the intents repository, its JSON.

files.py      which file is what, of which language
gather.py     the files of a language -> its blocks, lists, rules and responses
templates.py  hassil's trees -> those of our grammar
lists.py      slot lists -> slot types
language.py   all of it -> `Language`
reader.py     a tree of files -> a skill
"""
