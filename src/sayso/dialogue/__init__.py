"""Decision + Context -> Reply + Context: asks, confirms, remembers what hangs in the air."""
