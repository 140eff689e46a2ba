"""Languages that a city may add by ``PARTNER_LANGUAGES``: notices are translated into them, pages stay Dutch.

Codes are BCP 47 as ``lang=`` takes them; scripts are ISO 15924.
"""

#: Code → own name, English name, script.
PARTNERS: dict[str, tuple[str, str, str]] = {
    "am": ("አማርኛ", "Amharic", "Ethi"),
    "az": ("Azərbaycanca", "Azerbaijani", "Latn"),
    "bs": ("Bosanski", "Bosnian", "Latn"),
    "ce": ("Нохчийн", "Chechen", "Cyrl"),
    "ckb": ("کوردیی ناوەندی", "Kurdish (Sorani)", "Arab"),
    "el": ("Ελληνικά", "Greek", "Grek"),
    "es": ("Español", "Spanish", "Latn"),
    "ff": ("Fulfulde", "Fulah", "Latn"),
    "he": ("עברית", "Hebrew", "Hebr"),
    "hi": ("हिन्दी", "Hindi", "Deva"),
    "hr": ("Hrvatski", "Croatian", "Latn"),
    "hu": ("Magyar", "Hungarian", "Latn"),
    "hy": ("Հայերեն", "Armenian", "Armn"),
    "it": ("Italiano", "Italian", "Latn"),
    "ka": ("ქართული", "Georgian", "Geor"),
    "kmr": ("Kurmancî", "Kurdish (Kurmanji)", "Latn"),
    "ln": ("Lingála", "Lingala", "Latn"),
    "mk": ("Македонски", "Macedonian", "Cyrl"),
    "ne": ("नेपाली", "Nepali", "Deva"),
    "pt": ("Português", "Portuguese", "Latn"),
    "sk": ("Slovenčina", "Slovak", "Latn"),
    "sq": ("Shqip", "Albanian", "Latn"),
    "sr": ("Srpski", "Serbian", "Latn"),
    "sw": ("Kiswahili", "Swahili", "Latn"),
    "th": ("ไทย", "Thai", "Thai"),
    "ti": ("ትግርኛ", "Tigrinya", "Ethi"),
    "ur": ("اردو", "Urdu", "Arab"),
    "vi": ("Tiếng Việt", "Vietnamese", "Latn"),
    "zh": ("中文", "Chinese", "Hans"),
}
