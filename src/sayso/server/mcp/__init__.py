"""A home as an MCP server: an agent finds the right one of its skills, and calls it.

    tools.py   an intent as a tool: its name, its schema, what it may do
    calls.py   what is found, and what a call came to, as a client is told it
    listing.py lists of tools, page by page
    asking.py  questions to the person behind a client
    door.py    the protocol, which holds these together
    serve.py   on standard input and output, or over HTTP

The first two of them know nothing of the protocol's library, which is an extra (`sayso[mcp]`).
"""
