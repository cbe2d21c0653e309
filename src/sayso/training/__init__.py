"""Skills -> Bundle: fits every skill, then calibrates the ranker on readings held out."""
