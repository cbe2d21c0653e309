"""A test set + an engine -> a Report: accuracy, F1, semantic error rate, latency."""
