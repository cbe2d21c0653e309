"""Snips datasets (YAML and JSON), and the dialog templates of Project Alice.

files.py       which file is which, of which skill and locale
utterances.py  an utterance with its slots -> a sample
drafts.py      intents and types in the making, common to the three
datasets.py    Snips: documents of YAML, and the JSON that they are made into
alice.py       Project Alice: dialogTemplate/<language>.json
reader.py      a tree of files -> skills
"""
