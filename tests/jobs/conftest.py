"""Fixtures of the loop: the engines that it may run on."""

from tests.engines import spark

__all__ = ["spark"]
