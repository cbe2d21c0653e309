"""Turns with what goes on around: what the weights learn from, and how both files are read."""
