"""Fixtures of the rooms that work on tables."""

from tests.engines import engine, spark

__all__ = ["engine", "spark"]
