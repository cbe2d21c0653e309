"""Words that stand before a name and are no part of it, as they are folded: English, German."""

ARTICLES = frozenset(
    "the a an some my our your der die das den dem ein eine einen mein meine unser unsere".split()
)
