"""Azure's conversational language understanding (CLU) projects -> skills.

project.py   the file of a project, and its skill
entities.py  entities -> slot types
spans.py     where a labelled word stands: offsets in units of UTF-16, code points or text elements
"""

from sayso.formats.clu.project import CLU

__all__ = ["CLU"]
