from __future__ import annotations

import dataclasses
import inspect
import re
import typing
from datetime import datetime
from pathlib import Path

from sqlalchemy.dialects import postgresql

from sayso.stores import tables
from sayso.types.lessons import LoggedTurn

KINDS = {
    str: "string",
    int: "int64",
    float: "double",
    bool: "boolean",
    datetime: "timestamp (microseconds, UTC)",
}
PAGE = Path(__file__).parents[2] / "docs" / "store.md"


def described() -> str:
    """Every table as Markdown, from the tables themselves."""
    lines: list[str] = []
    for table in tables.metadata.tables.values():
        lines += [f"## `{table.name}`", "", "| column | type | |", "| --- | --- | --- |"]
        for column in table.columns:
            kind = column.type.compile(postgresql.dialect()).lower()  # type: ignore[no-untyped-call]
            kind += "?" if column.nullable else ""
            name = f"**`{column.name}`**" if column.primary_key else f"`{column.name}`"
            lines.append(f"| {name} | {kind} | {column.doc} |")
        lines.append("")
    return "\n".join(lines)


def exported() -> str:
    """The columns of an export as Markdown, from the noun itself."""
    hints = typing.get_type_hints(LoggedTurn)
    lines = ["| column | type |", "| --- | --- |"]
    for each in dataclasses.fields(LoggedTurn):
        kind, *none = typing.get_args(hints[each.name]) or (hints[each.name],)
        lines.append(f"| `{each.name}` | {KINDS[kind]}{'?' if none else ''} |")
    told = inspect.cleandoc(LoggedTurn.__doc__ or "").partition("\n\n")[2]
    told = re.sub(r"^([\w, ]+):", lambda names: f"- `{names[1]}`:", told, flags=re.MULTILINE)
    return "\n".join([*lines, "", told, ""])


def test_the_page_lists_the_columns_of_an_export() -> None:
    assert exported() in PAGE.read_text(encoding="utf-8")


def test_the_page_lists_every_table_as_it_is() -> None:
    assert described() in PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":  # python -m tests.stores.test_docs writes the page anew
    head = PAGE.read_text(encoding="utf-8").split("## `")[0]
    before, _, after = head.partition("| column | type |\n")
    after = after[after.index("## Tables") :]
    PAGE.write_text(f"{before}{exported()}\n{after}{described()}", encoding="utf-8")
