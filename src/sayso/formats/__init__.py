"""Other people's skills <-> ours: one module or folder a format, found by what lies in the files.

format.py     what a format is, and what an import gives
known.py      all of them, and which one some files are of
alexa.py      Alexa skill packages, bare models, the legacy schema
clu/          Azure CLU projects
dialogflow/   Dialogflow ES and CX agents
foreign.py    nodes of foreign data, which note what became of each line
lex/          Amazon Lex V2 bots
made.py       samples made of a developer's words
mcp.py        MCP servers, by their lists of tools
names.py      others' names and languages, as ours may be called
openapi/      OpenAPI 3 descriptions
parameters.py JSON Schema -> slots
refs.py       references within a file
replies.py    texts that others answer with -> reply templates
titles.py     what programs are called, as ids and as words
"""
