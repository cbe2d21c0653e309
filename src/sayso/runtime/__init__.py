"""The turn: `engine` decides without side effects, `conversation` loads, fulfils and saves."""
