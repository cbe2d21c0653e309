"""The HTTP door: turns, skills, events and operations over FastAPI.

app.py puts it together; api/ holds an endpoint group a file; serve.py runs it on a port.
"""
