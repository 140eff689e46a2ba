"""Contents for the print templates: invented people, three scripts, and words that look like markup."""

from __future__ import annotations

from typing import Any

HOSTILE = '#import "x": * $x^2$ *vet* _cursief_ \\u{1F} `code` </script> <b> @ref [haak] // opm /* */ ~ -- "q" \\'

LABELS: dict[str, dict[str, str]] = {
    "nl": {
        "about": "Over",
        "qr_alt": "QR-code",
        "cut": "knip hier",
        "strip": "Uw antwoord",
        "signature": "Handtekening",
    },
    "ar": {
        "about": "بخصوص",
        "strip": "إجابتكم",
        "signature": "التوقيع",
    },
    "pa": {
        "about": "ਬਾਰੇ",
        "strip": "ਤੁਹਾਡਾ ਜਵਾਬ",
        "signature": "ਦਸਤਖ਼ਤ",
    },
}
SCAN = {
    "nl": "Antwoorden met uw telefoon? Scan de code. U hebt geen account nodig.",
    "ar": "هل تريدون الإجابة بالهاتف؟ امسحوا الرمز. لا حاجة إلى حساب.",
    "pa": "ਫ਼ੋਨ ਨਾਲ ਜਵਾਬ ਦੇਣਾ ਹੈ? ਕੋਡ ਸਕੈਨ ਕਰੋ। ਖਾਤੇ ਦੀ ਲੋੜ ਨਹੀਂ।",
}
SLOT_LABELS = {
    "nl": ("Wat", "Wanneer", "Waar", "Meebrengen", "Antwoord"),
    "ar": ("ماذا", "متى", "أين", "ماذا تحضرون", "الإجابة"),
    "pa": ("ਕੀ", "ਕਦੋਂ", "ਕਿੱਥੇ", "ਨਾਲ ਲਿਆਓ", "ਜਵਾਬ"),
}
SLOT_TEXTS = {
    "nl": (
        "Gesprek over Jaspreet",
        "dinsdag 19 mei, 16.30 uur",
        "lokaal 3B, eerste verdieping",
        "niets",
        "vóór vrijdag 15 mei",
    ),
    "ar": (
        "حديث عن جسبريت",
        "الثلاثاء 19 مايو، الساعة 16.30",
        "القاعة 3B، الطابق الأول",
        "لا شيء",
        "قبل الجمعة 15 مايو",
    ),
    "pa": ("ਜਸਪ੍ਰੀਤ ਬਾਰੇ ਗੱਲਬਾਤ", "ਮੰਗਲਵਾਰ 19 ਮਈ, 16.30 ਵਜੇ", "ਕਮਰਾ 3B, ਪਹਿਲੀ ਮੰਜ਼ਿਲ", "ਕੁਝ ਨਹੀਂ", "ਸ਼ੁੱਕਰਵਾਰ 15 ਮਈ ਤੋਂ ਪਹਿਲਾਂ"),
}
TITLES = {"nl": "Uitnodiging voor het oudercontact", "ar": "دعوة إلى لقاء مع المعلم", "pa": "ਮਾਪੇ-ਅਧਿਆਪਕ ਮੁਲਾਕਾਤ ਲਈ ਸੱਦਾ"}
BODIES = {
    "nl": (
        "Beste ouder,\n"
        "Wij praten graag met u over Jaspreet. Hoe gaat het op school?\n"
        "Praat u liever in een andere taal? Er kan een tolk komen. De tolk is gratis."
    ),
    "ar": (
        "أولياء الأمور الكرام،\n"
        "نودّ أن نتحدث معكم عن طفلكم Jaspreet. كيف تسير الأمور في المدرسة؟\n"
        "هل تفضلون التحدث بلغة أخرى؟ يمكن أن يحضر مترجم. الترجمة مجانية."
    ),
    "pa": (
        "ਸਤਿਕਾਰਯੋਗ ਮਾਪਿਓ,\n"
        "ਅਸੀਂ ਤੁਹਾਡੇ ਨਾਲ ਜਸਪ੍ਰੀਤ ਬਾਰੇ ਗੱਲ ਕਰਨਾ ਚਾਹੁੰਦੇ ਹਾਂ। ਸਕੂਲ ਵਿੱਚ ਸਭ ਕਿਵੇਂ ਚੱਲ ਰਿਹਾ ਹੈ?\n"
        "ਕੀ ਤੁਸੀਂ ਹੋਰ ਭਾਸ਼ਾ ਵਿੱਚ ਗੱਲ ਕਰਨਾ ਚਾਹੁੰਦੇ ਹੋ? ਦੁਭਾਸ਼ੀਆ ਆ ਸਕਦਾ ਹੈ। ਇਹ ਮੁਫ਼ਤ ਹੈ।"
    ),
}
ANSWERS = {
    "nl": ("Ja, ik kom", "Ja, met een tolk", "Ik wil een andere dag"),
    "ar": ("نعم، سآتي", "نعم، مع مترجم", "أفضّل يوماً آخر"),
    "pa": ("ਹਾਂ, ਅਸੀਂ ਆਵਾਂਗੇ", "ਹਾਂ, ਦੁਭਾਸ਼ੀਏ ਨਾਲ", "ਕੋਈ ਹੋਰ ਦਿਨ ਚਾਹੀਦਾ ਹੈ"),
}
OWN_NAMES = {"nl": "Nederlands", "ar": "العربية", "pa": "ਪੰਜਾਬੀ"}
KEYS = ("what", "when", "where", "bring", "answer")
BANNERS = {
    "ar": "ترجمة من الهولندية. النص الهولندي هو الأصل.",
    "pa": "ਡੱਚ ਤੋਂ ਅਨੁਵਾਦ। ਡੱਚ ਲਿਖਤ ਮੂਲ ਹੈ।",
}
CONTACTS = {
    "ar": "أسئلة؟ اتصلوا بالمعلمة آن: \u2066011 00 00 03\u2069.",
    "pa": "ਸਵਾਲ? ਅਧਿਆਪਕਾ ਆਨ ਨੂੰ ਫ਼ੋਨ ਕਰੋ: 011 00 00 03.",
}


def slots(language: str) -> list[dict[str, str]]:
    return [
        {"key": key, "label": label, "text": text, "pictogram": key}
        for key, label, text in zip(KEYS, SLOT_LABELS[language], SLOT_TEXTS[language], strict=True)
    ]


def letter(language: str, child: str = "Jaspreet Singh", class_name: str = "3B") -> dict[str, Any]:
    own = language != "nl"
    return {
        "class_name": class_name,
        "child_names": [child],
        "address": ["Aan de ouders van", child, "Bloesemlaan 12 bus 3", "3800 Sint-Truiden"],
        "language": language,
        "language_name": OWN_NAMES[language],
        "direction": "rtl" if language == "ar" else "ltr",
        "date": {"nl": "Sint-Truiden, 5 mei 2026"},
        "title": TITLES["nl"],
        "slots": slots("nl"),
        "body": BODIES["nl"],
        "translated": {"title": TITLES[language], "slots": slots(language), "body": BODIES[language]} if own else None,
        "banner": {
            "nl": "Vertaling uit het Nederlands. De Nederlandse tekst is het origineel.",
            "own": BANNERS.get(language, ""),
        },
        "answers": [
            {"nl": dutch, **({"own": words} if own else {})}
            for dutch, words in zip(ANSWERS["nl"], ANSWERS[language], strict=True)
        ],
        "code": "K7QF-2MXA-9RTC",
        "url": "school.example/b",
        "scan": {"nl": SCAN["nl"], **({"own": SCAN[language]} if own else {})},
        "qr": ["1111111010", "1000001001", "1011101110"] * 3 + ["1010101010"],
        "contact": {"nl": "Vragen? Bel juf An: 011 00 00 03.", **({"own": CONTACTS[language]} if own else {})},
    }


def letters(*languages: str) -> dict[str, Any]:
    return {
        "lang": "nl-BE",
        "date": "2026-05-05",
        "title": TITLES["nl"],
        "school": {
            "name": "Basisschool De Bloesem",
            "address": ["Kersenstraat 4", "3800 Sint-Truiden"],
            "phone": "011 00 00 01",
            "email": "school@bloesem.example",
        },
        "labels": LABELS,
        "letters": [letter(language) for language in languages],
    }


def _listed(number: int, child: str, language: str) -> dict[str, Any]:
    return {"number": number, "child_names": [child], "language_name": language, "code": "K7QF-2MXA-9RTC"}


COVER = {
    "title": "Printlijst oudercontact",
    "lines": ["Druk enkelzijdig af."],
    "labels": {
        "letter": "brief",
        "letters": "brieven",
        "number": "nr.",
        "child": "kind",
        "language": "taal",
        "code": "code",
    },
    "classes": [
        {"name": "3B", "letters": [_listed(1, "Jaspreet Singh", "Nederlands")]},
        {"name": "4A", "letters": [_listed(2, "Amrit Kaur", "ਪੰਜਾਬੀ")]},
    ],
}
