"""A test set + an engine -> a Report: accuracy, F1, semantic error rate, latency.

`people` simulates who asks for what, when and on what, for what no log tells. `off_policy`
estimates from the log what another ranking would have been worth.
"""
