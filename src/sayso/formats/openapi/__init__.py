"""OpenAPI 3.0 and 3.1 descriptions (JSON or YAML) -> skills: an operation is an intent.

document.py    which files are one, and the skill of each
access.py      headers by which a service knows its callers, without their values
operations.py  an operation: its parameters, its body, what it may do
"""

from sayso.formats.openapi.document import OPENAPI

__all__ = ["OPENAPI"]
