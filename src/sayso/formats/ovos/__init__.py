"""OVOS and Mycroft skills: locale folders, and the Adapt rules in their code.

files.py      which file is what, of which skill and locale
templates.py  a line of an .intent, .entity or .voc file -> a tree of the grammar
adapt.py      rules and handlers, read from the syntax tree of Python that is never run
lines.py      a file's lines, each written into its ledger
language.py   the files of one locale -> `Language`
reader.py     a tree of files -> skills
"""
