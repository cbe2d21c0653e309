from __future__ import annotations

from pathlib import Path

from sqlalchemy.dialects import postgresql

from sayso.stores import tables

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


def test_the_page_lists_every_table_as_it_is() -> None:
    assert described() in PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":  # python -m tests.stores.test_docs writes the page anew
    head = PAGE.read_text(encoding="utf-8").split("## `")[0]
    PAGE.write_text(head + described(), encoding="utf-8")
