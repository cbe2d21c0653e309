"""Schema-guided dialogues (SGD, Rastogi et al. 2020, arXiv 1909.05855), driven through our skills.

reading.py: the tables as dataclasses; skills.py: a service's schema as one of our skill files;
metrics.py: the published measures.
"""
