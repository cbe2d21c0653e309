"""People who live with Sayso, simulated: what they want, say, are misheard as, and do next."""
