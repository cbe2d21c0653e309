"""How many errors the re-ranker takes from the shortlist, over all full English skills."""
