"""Conversations -> Verdicts: was it said again, and did it go wrong?"""
