"""What all parts of a skill file have in common: texts that say something, and no unknown keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from sayso.skills.short_forms import as_list
from sayso.skills.templates import said
from sayso.skills.yaml_lines import typed


def _text(text: str) -> str:
    if not said(text):
        raise ValueError("is empty; write a text or remove it")
    return str(text)  # an exact str: the reader marks its bare scalars with a subclass


Text = Annotated[str, AfterValidator(_text)]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(as_list, json_schema_input_type=str | list[Text])
]
Foreign = Annotated[
    dict[str, Any],
    BeforeValidator(typed, json_schema_input_type=dict[str, Any]),
    Field(description="Keys of an Alexa interaction model that no other key holds."),
]


class Part(BaseModel):
    """A mapping whose keys are known; a key without a value is as good as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, node: Any) -> Any:
        if not isinstance(node, Mapping):
            return node
        return {key: value for key, value in node.items() if value is not None}
