"""Texts of the world: factual lines as schools write them, agreements, and questions of parents in their languages."""

from parents.models.kinds import Purpose

NOTES = {
    Purpose.WELCOME: (
        "Kennisgemaakt. Contacttaal en telefoonnummer nagekeken.",
        "Welkom geheten, klas en refter getoond.",
        "Uitgelegd hoe berichten van de school aankomen.",
    ),
    Purpose.PRAISE: (
        "Verteld dat het goed gaat in de klas en dat het kind anderen helpt.",
        "Goed nieuws: leest al een heel boekje voor.",
        "Verteld dat het kind graag naar school komt.",
    ),
    Purpose.INFORMATION: (
        "De brief over de uitstap samen overlopen.",
        "Uitgelegd wanneer er zwemles is en wat er in de zwemzak moet.",
        "Uren van de opvang doorgegeven.",
        "Verteld over de koffiemomenten op donderdag.",
    ),
    Purpose.INVITATION: (
        "Uitgenodigd voor het oudercontact, tolk aangeboden.",
        "Uitgenodigd voor het koffiemoment.",
        "Nieuw uur voor het oudercontact voorgesteld.",
    ),
    Purpose.PROGRESS: (
        "Rapport besproken: rekenen gaat vlot, lezen vraagt nog tijd.",
        "Besproken hoe het leert en met wie het speelt.",
        "Vooruitgang in het Nederlands besproken. Thuis blijven voorlezen in de eigen taal.",
        "Rapport besproken. Ouder is tevreden.",
    ),
    Purpose.QUESTION: (
        "Vraag over het huiswerk beantwoord.",
        "Vraag over de schoolrekening beantwoord en spreiding uitgelegd.",
        "Vraag over de turnzak beantwoord.",
    ),
    Purpose.CONCERN: (
        "Ouder maakt zich zorgen over het spelen op de speelplaats.",
        "Kind komt de laatste weken vaak te laat; samen gezocht wat kan helpen.",
        "Ouder en leerkracht zien dat het kind moe is in de klas.",
    ),
    Purpose.CARE: (
        "Besproken welke hulp het kind in de klas krijgt.",
        "Zorgoverleg voorbereid, ouders weten wie er aan tafel zit.",
        "Afgesproken dat de zorgcoördinator twee keer per week meeleest.",
    ),
    Purpose.ORIENTATION: (
        "Stap naar het eerste leerjaar besproken.",
        "Scholen voor het secundair overlopen, samen een bezoek gepland.",
    ),
    Purpose.PRACTICAL: (
        "Nieuw telefoonnummer doorgegeven.",
        "Afgesproken wie het kind woensdag komt halen.",
        "Verhuis gemeld, adres aangepast.",
    ),
    Purpose.AGREEMENT: (
        "Afspraak van vorige keer overlopen: het werkt.",
        "Afgesproken elkaar over een maand opnieuw te spreken.",
    ),
}
NOBODY = ("Geen antwoord.", "Voicemail, boodschap in het Nederlands ingesproken.", "Nummer niet in gebruik.")
AGREEMENTS = (
    "De school stuurt de uitnodiging voortaan ook als sms.",
    "Ouder leest elke avond tien minuten mee.",
    "Leerkracht belt over twee weken terug.",
    "De boekentas gaat op vrijdag mee naar huis.",
    "De school boekt een tolk voor het volgende gesprek.",
)
FOLLOW_UPS = (
    "Terugbellen over het huiswerk",
    "Tolk boeken voor het volgende gesprek",
    "Inschrijving voor de speelpleinwerking nakijken",
    "Brief over de schooltoeslag meegeven",
    "Vragen of de bril er is",
    "Afspraak met de bibliotheek doorgeven",
    "Nieuwe datum voor het gesprek voorstellen",
)
CLB_NOTES = (
    "Ouder vertelt over spanningen thuis en vraagt om raad. Gesprek met maatschappelijk werker gepland.",
    "Vermoeden van gehoorprobleem besproken; ouder gaat akkoord met onderzoek door de arts van het CLB.",
    "Gezin wacht op uitspraak over verblijf. Ouder slaapt slecht. Doorverwijzing aangeboden.",
    "Schulden ter sprake gekomen. Ouder wil voorlopig niet dat de school dit weet.",
    "Traject bij de logopedist besproken, ouder vraagt hulp bij de terugbetaling.",
    "Kind is erg stil sinds het overlijden van de grootmoeder. Volgende maand opnieuw spreken.",
)
#: A conversation in two languages: each line as it was written, and its translation.
TRANSLATED = {
    "asked": ("ਕੀ ਸਿਮਰਨ ਕੱਲ੍ਹ ਖੇਡਾਂ ਵਾਲੇ ਜੁੱਤੇ ਲਿਆਵੇ?", "Moet Simran morgen sportschoenen meebrengen?"),
    "replied": (
        "Ja, graag. De turnles begint om 10 uur. Een fles water mag ook mee.",
        "ਹਾਂ ਜੀ। ਖੇਡਾਂ ਦਾ ਪਾਠ 10 ਵਜੇ ਸ਼ੁਰੂ ਹੁੰਦਾ ਹੈ। ਪਾਣੀ ਦੀ ਬੋਤਲ ਵੀ ਲਿਆ ਸਕਦੇ ਹੋ।",
    ),
    "again": ("ਧੰਨਵਾਦ। ਕੀ ਮੈਂ ਵੀ ਦੇਖਣ ਆ ਸਕਦੀ ਹਾਂ?", ""),
}
#: In each language the same two questions; ``REPLIES`` has what the school writes to each of them.
QUESTIONS = {
    "nl": ("Hoe laat is de klas terug van de uitstap?", "Kunnen we op een andere dag komen?"),
    "fr": ("À quelle heure revient la classe ?", "Pouvons-nous venir un autre jour ?"),
    "en": ("What time does the class come back?", "Can we come on another day?"),
    "tr": ("Gezi saat kaçta bitiyor?", "Başka bir gün gelebilir miyiz?"),
    "ar": ("متى يعود الصف من الرحلة؟", "هل يمكننا الحضور في يوم آخر؟"),
    "pa": ("ਬੱਚੇ ਸੈਰ ਤੋਂ ਕਿੰਨੇ ਵਜੇ ਵਾਪਸ ਆਉਣਗੇ?", "ਕੀ ਅਸੀਂ ਕਿਸੇ ਹੋਰ ਦਿਨ ਆ ਸਕਦੇ ਹਾਂ?"),
    "pl": ("O której klasa wraca z wycieczki?", "Czy możemy przyjść innego dnia?"),
    "bg": ("В колко часа се връща класът?", "Може ли да дойдем в друг ден?"),
    "ro": ("La ce oră se întoarce clasa?", "Putem veni în altă zi?"),
    "uk": ("О котрій годині клас повертається?", "Чи можемо ми прийти іншого дня?"),
    "ru": ("Во сколько класс возвращается с экскурсии?", "Можно прийти в другой день?"),
    "ps": ("ټولګی په څو بجو بېرته راځي؟", "ایا موږ په بله ورځ راتلای شو؟"),
    "fa": ("کلاس ساعت چند برمی‌گردد؟", "می‌توانیم روز دیگری بیاییم؟"),
    "so": ("Fasalku goorma ayuu soo noqonayaa?", "Ma iman karnaa maalin kale?"),
}
REPLIES = (
    (
        "Goede vraag. Wij zijn om 15.30 uur terug. U kunt de kinderen aan de poort ophalen.",
        "Rond 15 uur. Is de bus later? Dan sturen wij u een sms.",
    ),
    (
        "Geen probleem. Wij zoeken samen een andere dag. Past woensdag om 13 uur?",
        "Dag! Ja, dat kan. Kan het vrijdag na school voor u?",
    ),
)
