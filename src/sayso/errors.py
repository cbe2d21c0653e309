"""The tree of errors. Each message says what, where and what to do; doors turn them into words.

SaysoError
├── HomeError          a home folder or its sayso.toml
├── SkillError         a skill file, package or identifier
├── BundleError        a trained folder: damaged, too new, missing
├── EncoderError       encoder weights: missing, damaged, unknown
├── StoreError         the log store: locked, unreachable, too new
├── RequestError       a turn's request: empty fields, unknown locale, too long
├── FulfilmentError    a skill's back-end: failed, timed out, talks nonsense
├── TrainingError      a process that trained was killed
├── LearningError      what was learnt of the log: damaged, missing, or cannot be made
├── DataError          a set to learn from: missing, unknown, of another shape
├── EvaluationError    a test set or a goal that was not reached
└── MissingExtraError  an optional dependency that is not installed

Not understanding is no error: it is a `Decision` that abstains.
"""

from __future__ import annotations


class SaysoError(Exception):
    """Base of every error that Sayso raises on purpose. `str(error)` is fit for a person."""


class HomeError(SaysoError):
    """A home folder or its sayso.toml is missing or wrong."""


class SkillError(SaysoError):
    """A skill file is wrong. Each of its `problems` reads `file:line: what; what to do`."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class BundleError(SaysoError):
    """A trained folder is damaged, missing, or of a version this Sayso does not read."""


class EncoderError(SaysoError):
    """Encoder weights are missing, damaged or unknown."""


class StoreError(SaysoError):
    """The log store is locked, unreachable or of a newer version."""


class RequestError(SaysoError):
    """A turn's request cannot be served as it stands. `field` names the culprit."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class FulfilmentError(SaysoError):
    """A skill's back-end failed, timed out or talked nonsense."""


class TrainingError(SaysoError):
    """Training could not go on, for want of something that the machine lacks."""


class LearningError(SaysoError):
    """What was learnt of the log is damaged or not there, or learning could not go on."""


class DataError(SaysoError):
    """A set that pretraining or a benchmark asked for is missing or unknown."""


class EvaluationError(SaysoError):
    """A test set or a benchmark cannot be run, or a goal of the command line was not reached."""


class MissingExtraError(SaysoError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; run: pip install 'sayso[{extra}]'")
