"""What was spoken of a moment ago and need not be said again.

spoken      what is kept of a turn, how much and for how long
anaphors    the words that point back: `there`, `that day`, `her`, `it`
roles       what a slot's value is: a place, a day, a person, ...; and how far it may go
candidates  what was said before, as values that a slot could hold
weigh       how probably one of them is meant, and whether anything asks for it
fill        readings of a turn, with what they lack and was said before
follow      sentences that are no request by themselves: `and tomorrow?`, `cancel it`
agree       a value that nobody said in this turn, and an intent that is costly by mistake
"""
