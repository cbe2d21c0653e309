"""Words that stand before a name and are no part of it, as they are folded: English, German."""

from sayso.understanding.fold import fold

ARTICLES = frozenset(
    "the a an some my our your der die das den dem ein eine einen mein meine unser unsere".split()
)
_TONGUES = ("en", "de")
_LONGEST = 5  # characters of an article and the space behind it, in other tongues


def only_articles(text: str, locale: str) -> bool:
    """Whether nothing but articles stands there, or what is as short, where they are not known."""
    if locale.split("-")[0] in _TONGUES:
        return all(word in ARTICLES for word in fold(text).split())
    return len(text) <= _LONGEST
