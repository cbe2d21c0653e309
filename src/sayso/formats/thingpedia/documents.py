"""A .tt file -> its datasets and classes as plain data, which the account counts.

dataset @com.lamp language "en" {
    action (p_level : Number) := @com.lamp.dim(level=p_level)
    #_[utterances=["dim the lamp to $p_level"]];
}
class @com.lamp #_[canonical="lamp"] {
    action dim(in req level : Number #_[prompt="How dark?"]) #_[canonical="dim the lamp"];
}
"""

from __future__ import annotations

from typing import Any

from sayso.errors import SkillError
from sayso.formats.thingpedia.tokens import Token, line_of, spelled, tokens_of

_CLOSING = {"(": ")", "[": "]", "{": "}", "#[": "]", "#_[": "]"}
_DEEPEST = 30
_END = Token("end", "", 0, 0)
Data = dict[str, Any]


def read_document(source: str, label: str) -> Data:
    """`{"datasets": [...], "classes": [...]}`. Raises SkillError with the line."""
    try:
        return _Reader(source).document()
    except ValueError as error:
        line, _, what = str(error).partition(":")
        raise SkillError(f"{label}:{line}:{what}") from None


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = tokens_of(source)
        self.place = 0

    def document(self) -> Data:
        found: Data = {"datasets": [], "classes": []}
        while self.next.kind != "end":
            if self.took("dataset"):
                found["datasets"].append(self.dataset())
            elif self.next.text in ("abstract", "class"):
                self.took("abstract")
                self.need("class")
                found["classes"].append(self.class_())
            elif self.next.text in ("#[", "#_["):
                self.annotations()  # of the file: its package
            else:
                self.wrong('a "dataset" or "class" must stand here')
        return found

    def dataset(self) -> Data:
        found: Data = {"of": self.named(), "language": "en", "examples": []}
        if self.took("language"):
            found["language"] = self.taken("text").said
        found |= self.annotations()
        self.need("{")
        while not self.took("}"):
            found["examples"].append(self.example())
        self.took(";")
        return found

    def example(self) -> Data:
        kind = self.taken("word").text
        parameters: Data = {}
        if self.took("("):
            while not self.took(")"):
                name = self.taken("word").text
                self.need(":")
                parameters[name] = self.until(",", ")")
                self.took(",")
        if not (self.took("=") or self.took(":=")):
            self.wrong('"=" or ":=" must stand here')
        program = self.until("#[", "#_[", ";")
        found = {"kind": kind, "parameters": parameters, "program": program, **self.annotations()}
        self.need(";")
        return found

    def class_(self) -> Data:
        found: Data = {"name": self.named(), "functions": []}
        if self.took("extends"):
            found["extends"] = self.until("{", "#[", "#_[")
        found |= self.annotations()
        self.need("{")
        while not self.took("}"):
            found.setdefault(*self.member(found["functions"]))
        return found

    def member(self, functions: list[Data]) -> tuple[str, Any]:
        """A function, put with the others; or another statement, as it is spelled."""
        start = self.place
        while self.next.text in ("monitorable", "list"):
            self.place += 1
        kind = self.next.text
        if kind in ("query", "action"):
            self.place += 1
            functions.append(self.function(kind))
            return "functions", functions
        self.place = start
        line = self.next.start
        told = self.until(";")
        self.need(";")
        return f"{told.split(' ')[0]} {line_of(self.source, line)}", told

    def function(self, kind: str) -> Data:
        found: Data = {"kind": kind, "name": self.taken("word").text, "parameters": []}
        if self.took("extends"):
            found["extends"] = self.until("(", "#[", "#_[", ";")
        if self.took("("):
            while not self.took(")"):
                found["parameters"].append(self.parameter())
                self.took(",")
        found |= self.annotations()
        self.need(";")
        return found

    def parameter(self) -> Data:
        way = [self.taken("word").text]
        while self.next.text in ("req", "opt"):
            way.append(self.taken("word").text)
        name = self.taken("word").text
        self.need(":")
        type = self.until(",", ")", "#[", "#_[")
        return {"way": " ".join(way), "name": name, "type": type, **self.annotations()}

    def annotations(self) -> Data:
        found: Data = {}
        while self.next.text in ("#[", "#_["):
            self.place += 1
            while not self.took("]"):
                key = self.taken("word").text
                self.need("=")
                value = self.value(0)
                if isinstance(value, list) and isinstance(found.get(key), list):
                    value = [*found[key], *value]
                found[key] = value
                self.took(",")
        return found

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            self.wrong("nested too deep")
        if self.took("["):
            items = []
            while not self.took("]"):
                items.append(self.value(depth + 1))
                self.took(",")
            return items
        if self.took("{"):
            parts: Data = {}
            while not self.took("}"):
                token = self.taken("word", "text")
                key = token.said if token.kind == "text" else token.text
                if not (self.took("=") or self.took(":")):
                    self.wrong('"=" or ":" must stand here')
                parts[key] = self.value(depth + 1)
                self.took(",")
            return parts
        after = self.tokens[self.place + 1].text if self.place + 1 < len(self.tokens) else ""
        if self.next.kind == "text" and after in (",", "]", "}"):
            return self.taken("text").said
        told = self.until(",", "]", "}")
        return {"true": True, "false": False}.get(told, told)

    def until(self, *ends: str) -> str:
        """What stands up to one of these, brackets and what they hold included."""
        start, open_ = self.place, [""]
        while self.next.kind != "end":
            text = self.next.text
            if len(open_) == 1 and text in ends:
                break
            if text == open_[-1]:
                open_.pop()
            elif self.next.kind == "mark" and text in _CLOSING:
                open_.append(_CLOSING[text])
                if len(open_) > _DEEPEST:
                    self.wrong("nested too deep")
            elif text in (")", "]", "}"):
                self.wrong(f'a "{text}" that closes nothing')
            self.place += 1
        if self.place == start:
            self.wrong("something must stand here")
        return spelled(self.source, self.tokens[start : self.place])

    def named(self) -> str:
        return self.taken("call").text[1:]

    @property
    def next(self) -> Token:
        return self.tokens[self.place] if self.place < len(self.tokens) else _END

    def took(self, text: str) -> bool:
        there = self.next.text == text and self.next.kind != "text"
        self.place += there
        return there

    def need(self, text: str) -> None:
        if not self.took(text):
            self.wrong(f'a "{text}" must stand here')

    def taken(self, *kinds: str) -> Token:
        token = self.next
        if token.kind not in kinds:
            self.wrong(f"a {' or '.join(kinds)} must stand here")
        self.place += 1
        return token

    def wrong(self, what: str) -> None:
        place = self.next.start if self.next.kind != "end" else len(self.source)
        there = f', not "{self.next.text[:20]}"' if self.next.kind != "end" else ""
        raise ValueError(f"{line_of(self.source, place)}: {what}{there}; mend the ThingTalk")
