"""Worlds of skills that overlap, and what is measured in them, for `benchmarks.overlap`."""
