"""What may stand under `fulfilment` in a skill file: who answers, and how it is reached."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from sayso.skills.schema_part import Part, Text, Texts

HANDLER = r"^[\w./-]+:\w+$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"
PLACEHOLDER = r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}"

Address = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]
Variable = Annotated[str, Field(pattern=VARIABLE)]


class _ServiceFile(Part):
    headers: dict[str, Text] = Field(
        {}, description="Header -> value, such as `Bearer ${NOTES_TOKEN}` of the environment."
    )

    @field_validator("headers")
    @classmethod
    def _no_secrets(cls, headers: dict[str, str]) -> dict[str, str]:
        for name, value in headers.items():
            if not re.search(PLACEHOLDER, value):
                told = "its value may be a secret; name an environment variable: ${NAME}"
                raise ValueError(f'header "{name}": {told}')
        return headers


class McpFile(_ServiceFile):
    """An MCP server: a program (`command`), or an address (`url`)."""

    command: Text | None = Field(None, description="Program that speaks MCP on its standard input.")
    args: tuple[str, ...] = Field((), description="What it is started with; no secrets.")
    env: tuple[Variable, ...] = Field(
        (), description="Names of the environment variables that it is given."
    )
    url: Address | None = Field(None, description="Address of a server over HTTP.")

    @model_validator(mode="after")
    def _one(self) -> McpFile:
        if (self.command is None) == (self.url is None):
            raise ValueError("an MCP server has either a command or a url; write one of them")
        return self


class OpenApiFile(_ServiceFile):
    """A web service whose operations the intents are."""

    url: Address = Field(description="Address that the operations' paths are appended to.")


class FulfilmentFile(Part):
    """Who answers. One of the kinds; `replies` alone, or as what else to say."""

    replies: dict[str, Texts] = Field({}, description="Intent -> reply templates (Jinja2).")
    python: str | None = Field(
        None, pattern=HANDLER, description="`module:callable` beside this file, given a request."
    )
    alexa: str | None = Field(
        None, pattern=HANDLER, description="`module:callable`: an ask-sdk lambda_handler."
    )
    https: str | None = Field(
        None, pattern=r"^https?://[^\s/]+", description="Endpoint that speaks Alexa's JSON."
    )
    mcp: McpFile | None = Field(None, description="MCP server whose tools the intents are.")
    openapi: OpenApiFile | None = Field(
        None, description="Web service whose operations the intents are."
    )
    client: bool = Field(
        False, description="Whoever asked does it: Home Assistant, a Hermes handler, a program."
    )
    timeout_s: float = Field(5.0, gt=0, le=60, description="Longest that one call may take.")
    can_fulfill: bool = Field(
        False, description="It answers Alexa's CanFulfillIntentRequest: is a request for it?"
    )
    application_id: Text | None = Field(
        None, max_length=200, description="Alexa's id of the skill, for a back-end that checks it."
    )
