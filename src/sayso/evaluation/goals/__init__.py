"""Simulated people with a goal: what they want is known, so it is seen whether it was done.

wishes.py    values of slots: how they are said, and what a back-end has to get
errands.py   a table of wordings + skills -> goals, drawn by lot
manners.py   how people answer: with more or less than was asked, in their own words
person.py    somebody with a goal: what they say next
meeting.py   a person and a home talk; what was done is read off the back-ends' calls
figures.py   many meetings -> success, wrong actions, questions, causes
"""
