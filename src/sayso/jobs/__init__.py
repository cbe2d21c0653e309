"""The loop from the log to what is learnt, in steps that may be resumed."""
