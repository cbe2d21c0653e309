"""The log and the state of conversations: rows of the nouns in SQLite or PostgreSQL.

`store.Store` is the door: it opens a database, begins and finishes turns, rings announcements.
"""
