"""The first edition of the draaiboek, and the package of another city's that came in and waits."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta

from ingroeibloei.demo.world import World, moment_of
from reports.cardfiles import card_contents
from reports.edition import freeze_edition
from reports.packaging import bring_package, contents, written
from reports.prints import print_edition

#: What the other city's phrase about growing says, and how one of its cards differs.
PHRASE = {
    "nl": "{child} troost wie verdriet heeft.",
    "fr": "{child} console celui qui est triste.",
    "en": "{child} comforts those who are sad.",
}
PITFALL = {
    "nl": "Met twee of drie collega’s samen gaan. Dat lijkt op een controle.",
    "fr": "Y aller à deux ou trois collègues. Cela ressemble à un contrôle.",
    "en": "Going with two or three colleagues. It looks like an inspection.",
}


def build(world: World) -> None:
    joint = world.cast["gezamenlijke"]
    print_edition(freeze_edition(by=joint, at=moment_of(world.today - timedelta(days=2), 14)))
    theirs = deepcopy(contents(joint))
    theirs["targets"] = []
    phrase = {
        "key": "growth_phrases/COMFORTS",
        "icon": "heart",
        "texts": {key: {"label": text} for key, text in PHRASE.items()},
    }
    theirs["vocabulary"].append(phrase)
    visit = next(entry for entry in theirs["cards"] if entry["key"] == "home-visit")
    for language, words in PITFALL.items():
        visit["texts"][language]["pitfalls"][0] = words
    began = world.year.starts_on.isoformat()
    bring_package(content=written(theirs, edition=2, frozen_on=began, files=card_contents()), by=joint)
