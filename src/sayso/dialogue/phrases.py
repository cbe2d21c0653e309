"""What Sayso says in its own name, by tongue."""

from __future__ import annotations

from collections.abc import Mapping

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "unknown": "Sorry, I don't know how to help with that.",
        "which": "Did you mean {options}?",
        "whether": "Did you mean {options}?",
        "or": "or",
        "option": "{name}: {example}",
        "ask_slot": "What {slot} would you like?",
        "confirm": "Are you sure?",
        "not_understood": "Sorry, I didn't get that.",
        "cancelled": "Okay.",
        "help": "You can say, for example: {examples}",
        "opened": "This is {name}. What would you like?",
        "failed": "Sorry, {name} isn't answering right now.",
    },
    "de": {
        "unknown": "Das kann ich leider nicht.",
        "which": "Meinst du {options}?",
        "whether": "Meinst du {options}?",
        "or": "oder",
        "option": "{name}: {example}",
        "ask_slot": "Welche Angabe für {slot}?",
        "confirm": "Bist du sicher?",
        "not_understood": "Das habe ich nicht verstanden.",
        "cancelled": "Okay.",
        "help": "Du kannst zum Beispiel sagen: {examples}",
        "opened": "Hier ist {name}. Was möchtest du?",
        "failed": "{name} antwortet gerade nicht.",
    },
    "es": {
        "unknown": "Lo siento, con eso no puedo ayudarte.",
        "which": "¿Quieres decir {options}?",
        "whether": "¿Quieres decir {options}?",
        "or": "o",
        "option": "{name}: {example}",
        "ask_slot": "¿Qué dato pongo para {slot}?",
        "confirm": "¿Lo confirmas?",
        "not_understood": "Perdona, no te he entendido.",
        "cancelled": "De acuerdo.",
        "help": "Puedes decir, por ejemplo: {examples}",
        "opened": "Esto es {name}. ¿Qué quieres hacer?",
        "failed": "{name} no responde en este momento.",
    },
    "fr": {
        "unknown": "Désolé, je ne sais pas faire cela.",
        "which": "Voulez-vous dire {options} ?",
        "whether": "Voulez-vous dire {options} ?",
        "or": "ou",
        "option": "{name} : {example}",
        "ask_slot": "Quelle valeur pour {slot} ?",
        "confirm": "C'est bien ça ?",
        "not_understood": "Désolé, je n'ai pas compris.",
        "cancelled": "D'accord.",
        "help": "Vous pouvez dire, par exemple : {examples}",
        "opened": "Ici {name}. Que voulez-vous faire ?",
        "failed": "{name} ne répond pas pour le moment.",
    },
    "it": {
        "unknown": "Mi dispiace, questo non lo so fare.",
        "which": "Intendi {options}?",
        "whether": "Intendi {options}?",
        "or": "o",
        "option": "{name}: {example}",
        "ask_slot": "Che valore vuoi per {slot}?",
        "confirm": "Confermi?",
        "not_understood": "Scusa, non ho capito.",
        "cancelled": "Va bene.",
        "help": "Puoi dire, per esempio: {examples}",
        "opened": "Questo è {name}. Cosa vuoi fare?",
        "failed": "{name} non risponde in questo momento.",
    },
    "pt": {
        "unknown": "Desculpe, com isso eu não posso ajudar.",
        "which": "Você quer dizer {options}?",
        "whether": "Você quer dizer {options}?",
        "or": "ou",
        "option": "{name}: {example}",
        "ask_slot": "Qual valor para {slot}?",
        "confirm": "Você confirma?",
        "not_understood": "Desculpe, não entendi.",
        "cancelled": "Tudo bem.",
        "help": "Você pode dizer, por exemplo: {examples}",
        "opened": "Aqui é {name}. O que você quer fazer?",
        "failed": "{name} não está respondendo agora.",
    },
    "ja": {
        "unknown": "すみません、それはできません。",
        "which": "{options}のどちらですか？",
        "whether": "{options}のことですか？",
        "or": "それとも",
        "option": "{name}の「{example}」",
        "ask_slot": "{slot}を教えてください。",
        "confirm": "よろしいですか？",
        "not_understood": "すみません、わかりませんでした。",
        "cancelled": "わかりました。",
        "help": "例えば、こう言ってみてください。{examples}",
        "opened": "{name}です。ご用件は何ですか？",
        "failed": "{name}は今、応答していません。",
    },
    "hi": {
        "unknown": "माफ़ कीजिए, इसमें मैं मदद नहीं कर सकता।",
        "which": "क्या आपका मतलब है {options}?",
        "whether": "क्या आपका मतलब है {options}?",
        "or": "या",
        "option": "{name}: {example}",
        "ask_slot": "{slot} बताइए।",
        "confirm": "क्या आप पक्का चाहते हैं?",
        "not_understood": "माफ़ कीजिए, मुझे समझ नहीं आया।",
        "cancelled": "ठीक है।",
        "help": "आप कह सकते हैं, जैसे: {examples}",
        "opened": "यह {name} है। आप क्या करना चाहेंगे?",
        "failed": "{name} अभी जवाब नहीं दे रहा है।",
    },
}


def phrase(which: str, locale: str, /, **values: str) -> str:
    """A sentence of Sayso's own in the tongue of a locale, in English where there is none."""
    table = _PHRASES.get(locale.split("-")[0], _PHRASES["en"])
    return table[which].format(**values)


def either(options: list[str], locale: str) -> str:
    """`a, b or c`, as it is spoken."""
    if len(options) < 2:
        return "".join(options)
    return f"{', '.join(options[:-1])} {phrase('or', locale)} {options[-1]}"
