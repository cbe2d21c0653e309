"""Utterance -> Hypotheses: what was heard, which skills, which intent, which slots, which values."""
