"""Contents of the report and the draaiboek: one block of every type, charts with a hidden cell, a whole card."""

from __future__ import annotations

from typing import Any

from schools.typeset import pictogram_drawings


def chart(kind: str, **changes: Any) -> dict[str, Any]:
    """A chart with a hidden cell, as the figures deliver it."""
    model = {
        "type": "chart",
        "kind": kind,
        "title": "Bereik van gezinnen",
        "subtitle": "Gezinnen met minstens één contact, per thuistaal",
        "unit": "%",
        "x": ["Nederlands", "Turks", "Punjabi", "Arabisch"],
        "series": [
            {"label": "nulmeting", "values": [72, 40, 31.5, None], "tone": "sun"},
            {"label": "eindmeting", "values": [95, 84, 80, 78], "tone": "leaf"},
        ],
        "max": 100,
        "note": "Cellen met 1 tot 4 gezinnen zijn verborgen.",
        "language": "nl",
        "alt": "Van nulmeting naar eindmeting stijgt het bereik in elke taalgroep.",
    }
    return {**model, **changes}


def table(**changes: Any) -> dict[str, Any]:
    model = {
        "type": "table",
        "caption": "Bereik per school",
        "columns": [
            {"label": "School"},
            {"label": "n", "align": "right"},
            {"label": "N", "align": "right"},
            {"label": "%", "align": "right"},
        ],
        "rows": [["De Bloesem", 112, 140, "80 %"], ["De Kers", 98, 131, "75 %"], ["Zonnekind", None, 122, "<5"]],
        "note": "Peildatum 31 mei 2026.",
    }
    return {**model, **changes}


def paragraph(*runs: dict[str, Any] | str) -> dict[str, Any]:
    return {"type": "p", "runs": [{"text": run} if isinstance(run, str) else run for run in runs]}


def all_blocks() -> list[dict[str, Any]]:
    """One block of every type."""
    return [
        paragraph(
            "Het project bereikte ",
            {"text": "92 %", "ref": "I01"},
            " van de gezinnen. Een moeder schreef ",
            {"text": "ਧੰਨਵਾਦ", "lang": "pa-Guru"},
            ", een vader ",
            {"text": "شكراً جزيلاً", "lang": "ar"},
            {"text": ". Vet", "bold": True},
            {"text": " en schuin.", "italic": True},
        ),
        {"type": "h2", "runs": [{"text": "Wat de cijfers zeggen"}]},
        {
            "type": "figures",
            "items": [
                {
                    "value": "92 %",
                    "label": "bereik van gezinnen",
                    "detail": "781/850 · sep–mei",
                    "ref": "I01",
                    "tone": "leaf",
                },
                {
                    "value": "3",
                    "label": "schooldagen tot een antwoord",
                    "detail": "mediaan, n = 214",
                    "ref": "I13",
                    "tone": "sky",
                },
                {
                    "value": "6 pp",
                    "label": "kloof tussen taalgroepen",
                    "detail": "was 25 pp",
                    "ref": "I23",
                    "tone": "blossom",
                },
            ],
        },
        {
            "type": "figure-ref",
            "runs": [{"text": "781 van 850 gezinnen", "ref": "run 41"}, {"text": " hadden minstens één gesprek."}],
        },
        table(),
        chart("dumbbell"),
        {"type": "h3", "runs": [{"text": "Wat werkte"}]},
        {"type": "ul", "items": ["Bellen met goed nieuws", [{"text": "De "}, {"text": "tolk", "bold": True}]]},
        {"type": "ol", "items": ["Eerst luisteren", "Dan afspreken"]},
        {"type": "quote", "runs": [{"text": "Nu weet ik wie ik mag bellen."}], "source": "Een moeder, in het Punjabi"},
        {"type": "note", "tone": "sun", "runs": [{"text": "Vergelijk geen scholen: de groepen zijn klein."}]},
        chart("lines", x=["sep", "nov", "jan", "mrt"]),
        chart("bars"),
        chart("hbars"),
        chart(
            "ladder", unit="", max=850, series=[{"label": "gezinnen", "values": [850, 801, 640, 412], "tone": "leaf"}]
        ),
        {"type": "p", "lang": "ar", "runs": [{"text": "النص العربي يُقرأ من اليمين إلى اليسار."}]},
        {"type": "pagebreak"},
        paragraph("Einde."),
    ]


REPORT_LABELS = {
    "identification": "Identificatie",
    "contents": "Inhoud",
    "signatures": "Handtekeningen",
    "signature": "handtekening",
    "colophon": "Colofon",
    "runs": "Berekeningen",
    "run": "nr.",
    "indicator": "indicator",
    "as_of": "stand van",
    "checksum": "controlegetal",
}


def report(language: str = "nl-BE", blocks: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "lang": language,
        "date": "2026-06-12",
        "brand": "In groei en bloei",
        "title": "Eindevaluatie 2025–2026",
        "subtitle": "Samenwerking van ouders, scholen en CLB in Sint-Truiden",
        "running_title": "In groei en bloei · eindevaluatie 2025–2026",
        "status": "ONTWERP",
        "cover_lines": ["Schooljaar 2025–2026", "12 juni 2026"],
        "checksum_short": "3f2a 91c0",
        "labels": REPORT_LABELS,
        "identification": [
            {"label": "Project", "text": "In groei en bloei"},
            {"label": "Promotor", "text": "stad Sint-Truiden\nintegratiedienst"},
        ],
        "chapters": [
            {"number": 1, "title": "Samenvatting", "blocks": all_blocks() if blocks is None else blocks},
            {"number": 2, "title": "Methode", "blocks": [paragraph("Zo is er geteld.")]},
        ],
        "signatures": {
            "intro": "De directies tekenen voor het controlegetal op deze bladzijde.",
            "people": [
                {
                    "role": "directie VCLB",
                    "name": "Griet Voorbeeld",
                    "organisation": "VCLB",
                    "signed": "Getekend op 12 juni 2026 voor 3f2a 91c0",
                },
                {"role": "directie CLB GO!", "name": "Bart Voorbeeld"},
            ],
        },
        "colophon": {
            "lines": [{"label": "Controlegetal", "text": "3f2a91c0"}, {"label": "Licentie", "text": "CC BY 4.0"}],
            "runs": [
                {"id": 41, "indicator": "I01 bereik van gezinnen", "as_of": "31 mei 2026", "checksum": "3f2a91c0"}
            ],
        },
    }


BOOKLET_LABELS = {
    "contents": "Inhoud",
    "how_to_use": "Zo gebruik je dit draaiboek",
    "principles": "Waarom het werkt",
    "start": "Zo begin je",
    "year_planner": "Het jaar rond",
    "month": "maand",
    "to_do": "te doen",
    "cards": "De fiches",
    "number": "nr.",
    "picture": "beeld",
    "title": "werkvorm",
    "status": "stand",
    "card": "Fiche",
    "before": "Vooraf",
    "during": "Tijdens",
    "after": "Nadien",
    "variants": "Varianten",
    "for_whom": "Voor wie",
    "who_does_it": "Wie doet het",
    "when": "Wanneer",
    "partners": "Partners",
    "needs": "Nodig",
    "interpreter": "Tolk en taal",
    "conditions": "Voorwaarden",
    "pitfalls": "Valkuilen",
    "phrases": "Zinnen die helpen",
    "privacy": "Privacy",
    "evidence": "Wat het opleverde",
    "related": "Verwant",
    "templates": "Sjablonen",
    "privacy_page": "Privacy op één blad",
    "evaluate": "Evalueren",
    "colophon": "Colofon",
}


def card(number: int = 1, tone: str = "leaf") -> dict[str, Any]:
    return {
        "number": number,
        "icon": "coffee",
        "tone": tone,
        "title": "Koffiemoment voor ouders",
        "aim": "Ouders leren elkaar en de school kennen.",
        "status": "beproefd",
        "facts": [
            {"icon": "clock", "label": "voorbereiden", "text": "30 min"},
            {"icon": "euro", "label": "kosten", "text": "€ 5"},
            {"level": 3, "label": "participatie", "text": "trap 3"},
        ],
        "for_whom": "Alle gezinnen van de klas.",
        "who_does_it": "De brugfiguur en een leerkracht.",
        "when": "Elke eerste donderdag.",
        "partners": "De bibliotheek.",
        "needs": ["Een lokaal", "Koffie en thee"],
        "interpreter": "Vraag vooraf een tolk.",
        "steps": {
            "before": ["Kies een dag."],
            "during": ["Begroet elke ouder bij naam.", "Laat ouders praten."],
            "after": ["Bel wie er niet was."],
        },
        "conditions": ["Elke maand op dezelfde dag."],
        "pitfalls": ["Te veel zenden."],
        "variants": ["Kleuter: in de klas."],
        "privacy": "Geen namenlijst aan de muur.",
        "phrases": [
            {"nl": "Fijn dat u er bent.", "text": "ਤੁਸੀਂ ਆਏ, ਚੰਗਾ ਲੱਗਿਆ।", "lang": "pa-Guru"},
            {"nl": "Wilt u koffie?"},
        ],
        "evidence": {
            "text": "Gebruikt in 4 van 6 scholen.",
            "figures": [{"value": "38", "label": "keer", "detail": "sep–mei", "ref": "run 12"}],
            "quote": "Nu ken ik de andere mama’s.",
        },
        "related": ["Huisbezoek"],
        "templates": ["Uitnodiging koffiemoment"],
        "origin": "De Bloesem",
        "licence": "CC BY 4.0",
    }


def booklet() -> dict[str, Any]:
    return {
        "lang": "nl-BE",
        "date": "2026-06-12",
        "brand": "In groei en bloei",
        "title": "Draaiboek: elke ouder bereiken",
        "subtitle": "Werkvormen uit de proefscholen",
        "cover_lines": ["Uitgave 2026"],
        "labels": BOOKLET_LABELS,
        "drawings": {},
        "how_to_use": "Kies **twee of drie fiches**.\n\nDoe die goed.",
        "principles": [{"title": f"Welkom {number}", "text": "Een groet en een naam."} for number in range(3)],
        "start": ["Spreek af wie trekt."],
        "year_planner": [{"month": "augustus", "steps": ["Maak de brieven klaar."]}],
        "cards": [card(), {**card(2, "sky"), "evidence": None}],
        "privacy_page": ["Vraag alleen wat je nodig hebt."],
        "evaluate": "Kijk in juni samen terug.",
        "colophon": {"lines": [{"label": "Licentie", "text": "CC BY 4.0"}]},
    }


def pictograms() -> dict[str, Any]:
    return {
        "lang": "nl-BE",
        "date": "2026-06-12",
        "title": "Pictogrammen",
        "lead": "Knip uit.",
        "footer": "In groei en bloei",
        "licence": "CC BY 4.0",
        "pictures": [{"name": "school", "word": "school"}, {"name": "swim", "word": "zwemmen"}],
        "drawings": pictogram_drawings(["school", "swim"]),
    }
