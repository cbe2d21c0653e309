"""Other people's skills <-> ours: one module or folder a format, found by what lies in the files.

format.py     what a format is, and what an import gives
known.py      all of them, and which one some files are of
alexa.py      Alexa skill packages, bare models, the legacy schema
"""
