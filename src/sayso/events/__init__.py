"""Logged turns -> conversations, personal data removed; Ibis tables, home of the engines."""
