"""The nouns every room shares: plain frozen dataclasses, standard library only."""
