"""Slots that come with descriptions and few samples or none: found by what is said of them.

Tools of MCP servers, operations of HTTP APIs and new skills say in words what their slots mean, and
have no sentence for them. One model for all of them, learnt once from dialogues with other services
(`scripts/make_described.py`), reads what a person says: spans that look like values, values of
catalogues, what the system has just offered or asked to confirm, what is known from elsewhere; each
with each slot, weighed by figures that know no service by name.

slots.py: a skill as its descriptions tell it; descriptions.py: their vectors, made once and kept
with the skill; past.py: what is known besides the words; sketch.py, kinds.py: what spans look like;
acts.py: what a person does; mentions.py: where values of catalogues stand; looked.py, figures.py,
said.py, listed.py, offered.py, aims.py, rows.py: the figures of each pair; read.py: the state after
a turn; fill.py: what an engine makes of it; weights.npz: what was learnt.
"""
