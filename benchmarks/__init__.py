"""One script a claim; results are committed with the hardware named."""
