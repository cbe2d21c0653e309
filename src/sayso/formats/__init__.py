"""Other people's skills <-> ours: one module or folder a format, found by what lies in the files.

    format.py         what a format is, and what an import gives
    known.py          all of them, and which one some files are of

    alexa.py          Alexa skill packages, bare models, the legacy schema
    clu/              Azure CLU projects
    dialogflow/       Dialogflow ES and CX agents
    home_assistant/   Home Assistant's sentences, read by hassil's parser
    leon/             Leon's skills
    lex/              Amazon Lex bots
    mcp.py            MCP servers, by their lists of tools; mcp_connections.py: how they are reached
    openapi/          OpenAPI 3 descriptions
    ovos/             OVOS and Mycroft: locale folders, Adapt rules
    rasa/             Rasa projects: YAML of Rasa 2 and 3, Markdown of Rasa 1
    snips/            Snips datasets, and the dialog templates of Project Alice
    thingpedia/       Thingpedia's datasets and classes in ThingTalk

What several of them share: nodes of foreign data that note what became of each line (`foreign`,
`refs`), names and languages (`names`, `titles`, `locales`), grammars and what is sampled of them
(`grammar`, `sayings`), schemas and tools (`parameters`, `made`, `harm`), answers (`replies`).
"""
