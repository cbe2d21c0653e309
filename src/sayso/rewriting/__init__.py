"""Verdicts -> Rewrites."""
