"""What people say to the answer itself: stop, thanks, that was wrong. Folded, by language."""

from __future__ import annotations

from collections.abc import Mapping

STOP, THANKS, WRONG = 1, 2, 3  # kinds of such a text
STOPPING = ("AMAZON.StopIntent", "AMAZON.CancelIntent")

_SAID: Mapping[str, Mapping[int, str]] = {
    "en": {
        STOP: (
            "stop|cancel|stop it|stop that|stop please|please stop|never mind|nevermind|quit|enough"
            "|be quiet|shut up|forget it|cancel that|exit|no stop"
        ),
        THANKS: (
            "thanks|thank you|thank you very much|thanks a lot|many thanks|great thanks|perfect"
            "|great|well done|good job|thank you so much|nice one|cheers|thats right|excellent"
        ),
        WRONG: (
            "no|wrong|thats wrong|that was wrong|thats not right|not that|no not that|not this"
            "|thats not what i said|thats not what i meant|thats not what i asked|i didnt say that"
            "|no thats wrong|that is wrong|no i said|undo|undo that|go back|not that one"
            "|that was not it"
        ),
    },
    "de": {
        STOP: "stopp|stop|halt|abbrechen|hor auf|aufhoren|vergiss es|schluss|ruhe|genug",
        THANKS: "danke|vielen dank|dankeschon|danke schon|super|perfekt|prima|sehr gut",
        WRONG: (
            "nein|falsch|das ist falsch|das war falsch|nicht das|das meinte ich nicht"
            "|das habe ich nicht gesagt|stimmt nicht|ruckgangig"
        ),
    },
    "es": {
        STOP: "para|parate|alto|cancela|cancelar|dejalo|olvidalo|basta|callate",
        THANKS: "gracias|muchas gracias|perfecto|genial|estupendo|muy bien",
        WRONG: "no|mal|eso no|esta mal|no es eso|no he dicho eso|incorrecto|deshacer",
    },
    "fr": {
        STOP: "arrete|stop|annule|annuler|arrete toi|laisse tomber|tais toi|ca suffit",
        THANKS: "merci|merci beaucoup|parfait|super|genial|tres bien",
        WRONG: "non|faux|pas ca|cest faux|ce nest pas ca|je nai pas dit ca|erreur",
    },
    "it": {
        STOP: "ferma|fermati|stop|annulla|lascia stare|basta|smettila",
        THANKS: "grazie|grazie mille|perfetto|ottimo|bravo|benissimo",
        WRONG: "no|sbagliato|non quello|non e quello|non ho detto questo",
    },
    "pt": {
        STOP: "para|pare|cancela|cancelar|esquece|chega|deixa pra la",
        THANKS: "obrigado|obrigada|muito obrigado|muito obrigada|perfeito|otimo",
        WRONG: "nao|errado|nao e isso|isso nao|nao foi isso|esta errado",
    },
}


def said() -> list[tuple[str, str, int]]:
    """(language, folded words, kind) of every such text."""
    return [
        (language, words, kind)
        for language, kinds in _SAID.items()
        for kind, texts in kinds.items()
        for words in texts.split("|")
    ]
