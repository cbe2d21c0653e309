"""Skills -> Collisions: samples and names with which one skill gets in the way of another.

samples     what is compared: every sample of an intent of its own, as written and as said
names       invocation names that are the same or sound alike, and samples that call another
words       the same sentence twice; templates that are the same but for their slots
covering    a template that takes in a sentence of another skill
vectors     samples that mean nearly the same, or lie nearer to another skill than to their own
find        all of these, in the locales that are served
baseline    collisions that somebody has accepted
"""
