"""A trained folder becomes an engine, or says exactly what to run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sayso import bundle
from sayso.bundle import Packed
from sayso.encoders import Encoder
from sayso.errors import BundleError
from sayso.runtime.load import load


def test_the_folder_given_to_train_and_the_one_it_returns_are_both_read(
    trained: Path, encoder: Encoder
) -> None:
    folder = trained / "bundle"
    versions = {load(x, encoder=encoder).version for x in (folder, bundle.current(folder))}
    assert versions == {bundle.current(folder).name}


@pytest.mark.parametrize("settings", [{}, {"model": {}}, {"model": {"settings": {"age": 3}}}])
def test_models_of_another_version_say_to_retrain(
    trained: Path, tmp_path: Path, encoder: Encoder, settings: Mapping[str, Any]
) -> None:
    found = bundle.read(trained / "bundle")
    parts = [
        replace(part, locales={x: Packed(p.tensors, settings) for x, p in part.locales.items()})
        for part in found.parts.values()
    ]
    bundle.write(
        tmp_path,
        parts,
        engine=found.manifest.engine,
        encoder=found.manifest.encoder,
        routing=found.manifest.routing,
        written_by="0.0.1",
    )
    with pytest.raises(BundleError, match=r"what version 0\.0\.1 wrote .*run: sayso train"):
        load(tmp_path, encoder=encoder)


def test_an_engine_is_imported_without_what_checks_foreign_data() -> None:
    source = "import sys, sayso.runtime.load; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert "sayso.runtime.load" in done.stdout.split()
    assert not {"pydantic", "ssl", "jinja2", "sqlalchemy"} & set(done.stdout.split())
