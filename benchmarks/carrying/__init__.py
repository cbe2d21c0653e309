"""Requests of SGD's dialogues that lack what was said before: what carry-over learns from."""
