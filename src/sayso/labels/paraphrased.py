TAU = 0.3
