"""Utterance -> Hypotheses: which skills, which intents, which slots, which values."""
