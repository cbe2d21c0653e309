"""Words that stand before a name and are no part of it, by tongue, as they are folded."""

from __future__ import annotations

from collections.abc import Mapping

from sayso.types.locales import language_of
from sayso.understanding.fold import fold

ARTICLES: Mapping[str, frozenset[str]] = {
    tongue: frozenset(words.split())
    for tongue, words in (
        ("en", "a an the my our your some"),
        ("de", "der die das den dem des ein eine einen einem einer mein meine unser unsere"),
        ("es", "el la los las un una unos unas mi mis"),
        ("fr", "le la les l un une des du mon ma mes"),
        ("it", "il lo la i gli le l un una uno mio mia"),
        ("nl", "de het een mijn"),
        ("pt", "o a os as um uma meu minha"),
    )
}
_LONGEST = 5  # characters of an article and the space behind it, in other tongues


def articles_of(locale: str) -> frozenset[str]:
    """Those of a locale's tongue."""
    return ARTICLES.get(language_of(locale), frozenset())


def only_articles(text: str, locale: str) -> bool:
    """Whether nothing but articles stands there, or what is as short, where they are not known."""
    known = articles_of(locale)
    return known.issuperset(fold(text).split()) if known else len(text) <= _LONGEST
