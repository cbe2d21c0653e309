"""Other people's skills <-> ours: one module or folder a format, found by what lies in the files.

format.py     what a format is, and what an import gives
known.py      all of them, and which one some files are of
names.py      names and languages of other systems -> ids and locales of ours
foreign.py    nodes of foreign data, which note what became of each line
harm.py       what a tool may do harm with
made.py       samples made of a developer's words
parameters.py JSON Schema -> slots
refs.py       references within a file
replies.py    texts that others answer with -> reply templates
titles.py     what programs are called, as ids and as words
alexa.py      Alexa skill packages, bare models, the legacy schema
clu/          Azure CLU projects
dialogflow/   Dialogflow ES and CX agents
lex/          Amazon Lex V2 bots
mcp.py        MCP servers, by their lists of tools
openapi/      OpenAPI 3 descriptions
locales.py    the language that a folder or file is named for
grammar.py    sentence templates as trees, and their samples
sayings.py    which of a template's sentences may be samples
alexa.py      Alexa skill packages, bare models, the legacy schema
home_assistant/  Home Assistant's sentences, read by hassil's parser
ovos/         OVOS and Mycroft: locale folders, Adapt rules
rasa/         Rasa projects: YAML of Rasa 2 and 3, Markdown of Rasa 1
snips/        Snips datasets, and the dialog templates of Project Alice
"""
