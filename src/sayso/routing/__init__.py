"""Hypotheses -> Decision: explicit invocation, ranking with a calibrated confidence, thresholds."""
