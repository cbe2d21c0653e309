"""The home in which the dialogues are played: the skills of the example home, and those beside.

python -m tests.dialogues.furnish FOLDER && sayso train FOLDER
sayso test FOLDER tests/dialogues
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
EXAMPLE = HERE.parents[1] / "examples" / "home"


def furnish(folder: Path) -> Path:
    """A new home with all skills, not yet trained."""
    (folder / "skills").mkdir(parents=True)
    shutil.copy(HERE / "home" / "sayso.toml", folder)
    for source in (EXAMPLE, HERE / "home"):
        for skill in sorted((source / "skills").iterdir()):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(skill, folder / "skills" / skill.name, ignore=ignored)
    return folder


if __name__ == "__main__":
    furnish(Path(sys.argv[1]))
