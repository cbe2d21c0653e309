"""Conversations in which people say things again, with the truth of it known."""
