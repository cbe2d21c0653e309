"""Skips the module that imports it where torch is not installed."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: sayso[train]")
pytest.importorskip("onnx", reason="onnx is not installed: sayso[train]")
