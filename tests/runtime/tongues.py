"""Skills of our own in German, Japanese and Hindi."""

from __future__ import annotations

from pathlib import Path

from sayso.skills import read_skills
from sayso.types.skills import Skill

LIGHTS = """\
name: Hauslicht
locale: de-DE
invocation: haus licht
description: Schaltet Lampen im Haus.
intents:
  An:
    samples:
      - schalte das licht {room} an
      - mach {room} bitte hell
      - licht an {room}
      - ich brauche {room} licht
      - kannst du die lampe {room} einschalten
    slots:
      room: {type: RAUM, required: true, ask: In welchem Zimmer?}
  Aus:
    samples:
      - schalte das licht {room} aus
      - mach {room} bitte dunkel
      - licht aus {room}
      - lösch die lampe {room}
      - kannst du die lampe {room} ausschalten
    slots:
      room: RAUM
types:
  RAUM:
    - {value: in der Küche, id: kitchen, synonyms: [küche]}
    - {value: im Wohnzimmer, id: living, synonyms: [wohnzimmer]}
    - {value: im Büro, id: office, synonyms: [büro]}
fulfilment:
  replies:
    An: [Es wird hell.]
    Aus: [Es wird dunkel.]
"""
RECIPES = """\
name: Rezepte
locale: de-DE
invocation: koch buch
description: Findet Rezepte und liest sie vor.
intents:
  Suche:
    samples:
      - finde ein rezept für {dish}
      - wie koche ich {dish}
      - ich möchte {dish} kochen
      - zeig mir rezepte mit {dish}
    slots:
      dish: GERICHT
  Zufall:
    samples:
      - was soll ich heute kochen
      - schlag mir etwas zu essen vor
      - gib mir eine idee fürs abendessen
      - überrasch mich mit einem gericht
types:
  GERICHT: [Linsensuppe, Apfelkuchen, Spätzle]
fulfilment:
  replies:
    Suche: [Hier ist ein Rezept.]
    Zufall: [Wie wäre es mit Suppe?]
"""
TRAINS = """\
name: 電車案内
locale: ja-JP
invocation: 電車案内
description: 電車の時刻と遅れを調べます。
intents:
  Delay:
    samples:
      - "{line} は 遅れて いますか"
      - "{line} の 運行 状況 を 教えて"
      - "{line} は 止まって る"
      - "今 {line} は 動いて いますか"
    slots:
      line: LINE
  Next:
    samples:
      - 次 の 電車 は 何時 ですか
      - 次 の 電車 は いつ 来る の
      - 電車 は 何分後 に 来ますか
      - 次 の 電車 の 時間 を 教えて
types:
  LINE: [青葉線, 若草線, ひばり線]
fulfilment:
  replies:
    Delay: [遅れはありません。]
    Next: [五分後です。]
"""
MARKET = """\
name: बाज़ार
locale: hi-IN
invocation: बाज़ार भाव
description: सब्ज़ियों के दाम बताता है।
intents:
  Price:
    samples:
      - "{item} का दाम क्या है"
      - "{item} कितने का है"
      - आज {item} का भाव बताओ
      - मुझे {item} की कीमत बताइए
    slots:
      item: ITEM
  Open:
    samples:
      - बाज़ार कब खुलता है
      - मंडी कितने बजे खुलेगी
      - दुकानें कब तक खुली हैं
      - बाज़ार बंद कब होता है
types:
  ITEM: [टमाटर, आलू, प्याज़]
fulfilment:
  replies:
    Price: [दस रुपये।]
    Open: [सुबह सात बजे।]
"""
SKILLS = {"lights": LIGHTS, "recipes": RECIPES, "trains": TRAINS, "market": MARKET}


def write_skills(folder: Path) -> list[Skill]:
    """The skills, written to a folder and read from it."""
    for name, skill in SKILLS.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "skill.yaml").write_text(skill, encoding="utf-8")
    return read_skills(folder)
