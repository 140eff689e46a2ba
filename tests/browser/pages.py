"""The pages of both sides by name, each with somebody who opens it: for looking at them and for measuring them."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.stage import Portal

#: Where the rows of the story are: a placeholder in an address, and the question that fills it.
_ROWS = {
    "kaur": "Pupil.objects.filter(first_name='Simran', last_name='Kaur').first().family_memberships.first().family_id",
    "class": "SchoolClass.objects.get(name='3B', school__name__contains='Kersenboom').pk",
    "pupil": "Pupil.objects.filter(first_name='Simran', last_name='Kaur').first().pk",
    "moment": "ContactMoment.objects.filter(recorded_by__full_name='Lotte Claes').latest('pk').pk",
    "notice": "Notice.objects.filter(author__full_name='Lotte Claes', published_at__isnull=False).latest('pk').pk",
    "draft": "Notice.objects.filter(author__full_name='Lotte Claes', status='DRAFT').latest('pk').pk",
    "request": "TranslationRequest.objects.latest('pk').pk",
    "own_thread": "Thread.objects.filter(guardian__first_name='Harpreet', guardian__last_name='Kaur').first().pk",
    "letters": "LetterBatch.objects.visible_to(User.objects.get(full_name='Lotte Claes')).latest('pk').pk",
    "template": "NoticeTemplate.objects.get(slug='parent-meeting-invitation').pk",
    "round": "ConferenceRound.objects.get(name='Oudercontact voor de zomer').pk",
    "host": "ConferenceHost.objects.get(round__name='Oudercontact voor de zomer').pk",
    "free": "ConferenceHour.objects.filter(slot__isnull=True).earliest('starts_at').pk",
    "taken": "ConferenceHour.objects.filter(slot__isnull=False).earliest('starts_at').pk",
    "place": "ConferenceSlot.objects.get(round__name='Oudercontact voor de zomer', pupil__first_name='Simran').pk",
    "gathering": "Gathering.objects.get(title='Samen spelen in elke taal').pk",
    "reading": "Gathering.objects.get(title='Voorlezen in vele talen').pk",
    "held": "Gathering.objects.exclude(attended_at=None).filter(school__name__contains='Kersenboom')[0].pk",
    "project": "Project.objects.latest('starts_on').pk",
    "colleague": "User.objects.get(full_name='Lotte Claes').pk",
    "interpreter": "InterpreterRequest.objects.filter(pupil__first_name='Simran', state='ASKED').latest('pk').pk",
    "school": "School.objects.get(name__contains='Kersenboom').pk",
    "number": "School.objects.get(name__contains='Kersenboom').institution_number",
    "thread": "(Thread.objects.visible_to(User.objects.get(full_name='Lotte Claes')).first() or Thread()).pk",
}


@dataclass(frozen=True)
class Page:
    """``person`` is a key of the cast, empty for a stranger. The parents' pages are read in several languages."""

    name: str
    person: str
    path: str

    @property
    def is_for_parents(self) -> bool:
        return self.person in ("moeder", "vader", "ouder-nl") or self.path.startswith(("/ouders/", "/b/", "/k/"))


PAGES = (
    Page("home", "", "/"),
    Page("playbook", "", "/draaiboek/"),
    Page("method", "", "/draaiboek/fiches/home-visit/"),
    Page("staff-sign-in", "", "/accounts/aanmelden/"),
    Page("staff-password", "", "/accounts/wachtwoord/vergeten/"),
    Page("nothing-here", "", "/bestaat-niet/"),
    Page("week", "leerkracht", "/school/week/"),
    Page("families", "leerkracht", "/school/gezinnen/"),
    Page("search", "leerkracht", "/school/zoeken/?q=a"),
    Page("family", "leerkracht", "/school/gezinnen/{kaur}/"),
    Page("family-viewers", "leerkracht", "/school/gezinnen/{kaur}/wie/"),
    Page("class", "leerkracht", "/school/klassen/{class}/"),
    Page("class-list", "leerkracht", "/school/klassen/{class}/lijst/"),
    Page("class-evening", "leerkracht", "/school/klassen/{class}/avond/"),
    Page("evening-choose", "directie", "/school/avond/"),
    Page("colleagues", "directie", "/school/medewerkers/"),
    Page("colleague-new", "directie", "/school/medewerkers/nieuw/"),
    Page("colleague", "directie", "/school/medewerkers/{colleague}/"),
    Page("places", "beheerder", "/school/beheer/scholen/"),
    Page("project-edit", "beheerder", "/school/beheer/projecten/{project}/"),
    Page("school-new", "beheerder", "/school/beheer/scholen/nieuw/"),
    Page("second-factors", "zorg", "/school/tweede-factor/"),
    Page("contact-choose", "leerkracht", "/school/contactmomenten/nieuw/"),
    Page("contact-new", "leerkracht", "/school/contactmomenten/nieuw/?pupil={pupil}"),
    Page("contact", "leerkracht", "/school/contactmomenten/{moment}/"),
    Page("contact-correct", "leerkracht", "/school/contactmomenten/{moment}/verbeteren/"),
    Page("offline", "leerkracht", "/school/zonder-netwerk/"),
    Page("rounds", "leerkracht", "/school/oudercontact/"),
    Page("round-new", "directie", "/school/oudercontact/nieuw/"),
    Page("round", "leerkracht", "/school/oudercontact/{round}/"),
    Page("round-of-class", "leerkracht", "/school/oudercontact/leerkracht/{host}/"),
    Page("time-free", "leerkracht", "/school/oudercontact/tijd/{free}/"),
    Page("time-taken", "leerkracht", "/school/oudercontact/tijd/{taken}/"),
    Page("gatherings", "directie", "/school/bijeenkomsten/"),
    Page("gatherings-over", "directie", "/school/bijeenkomsten/?toon=voorbij"),
    Page("gathering-new", "leerkracht", "/school/bijeenkomsten/nieuw/"),
    Page("gathering-edit", "directie", "/school/bijeenkomsten/{reading}/bewerken/"),
    Page("gathering", "directie", "/school/bijeenkomsten/{reading}/"),
    Page("gathering-of-class", "leerkracht", "/school/bijeenkomsten/{gathering}/"),
    Page("gathering-enter", "directie", "/school/bijeenkomsten/{gathering}/inschrijven/?pupil={pupil}"),
    Page("gathering-who-came", "directie", "/school/bijeenkomsten/{held}/aanwezig/"),
    Page("partner-gatherings", "partner", "/school/partner/bijeenkomsten/"),
    Page("partner-gathering", "partner", "/school/partner/bijeenkomsten/{reading}/"),
    Page("interpreters", "leerkracht", "/school/tolken/"),
    Page("interpreter", "leerkracht", "/school/tolken/{interpreter}/"),
    Page("interpreter-new", "leerkracht", "/school/tolken/nieuw/?pupil={pupil}"),
    Page("interpreter-sheet", "directie", "/school/tolken/blad/"),
    Page("not-at-school", "leerkracht", "/school/afwezig/"),
    Page("goes-well", "leerkracht", "/school/groei/?pupil={pupil}"),
    Page("gate", "leerkracht", "/school/poort/"),
    Page("my-calendar", "leerkracht", "/school/mijn-agenda/"),
    Page("notices", "leerkracht", "/school/berichten/"),
    Page("notice-new", "leerkracht", "/school/berichten/nieuw/"),
    Page("notice-compose", "leerkracht", "/school/berichten/nieuw/parent-meeting-invitation/"),
    Page("notice", "leerkracht", "/school/berichten/{notice}/"),
    Page("notice-answers", "leerkracht", "/school/berichten/{notice}/antwoorden/"),
    Page("notice-preview", "leerkracht", "/school/berichten/{notice}/voorbeeld/ar/pagina/"),
    Page("notice-translations", "leerkracht", "/school/berichten/{draft}/vertalingen/"),
    Page("notice-in-punjabi", "leerkracht", "/school/berichten/{draft}/vertalingen/pa/"),
    Page("notice-read-aloud", "leerkracht", "/school/berichten/{draft}/opnames/?stem=pa"),
    Page("voices", "leerkracht", "/school/stemmen/"),
    Page("voice-in-tarifit", "leerkracht", "/school/stemmen/parent-meeting-invitation/?stem=rif"),
    Page("notice-check", "leerkracht", "/school/berichten/{draft}/controle/"),
    Page("translation-rules", "directie", "/school/talen/"),
    Page("translation-log", "directie", "/school/talen/overzicht/"),
    Page("to-translate", "vertaler", "/school/vertalen/"),
    Page("translation-work", "vertaler", "/school/vertalen/{request}/"),
    Page("letters", "leerkracht", "/school/brieven/"),
    Page("letters-pile", "leerkracht", "/school/brieven/{letters}/"),
    Page("letters-strips", "leerkracht", "/school/brieven/{letters}/strookjes/"),
    Page("letters-returned", "leerkracht", "/school/brieven/teruggekomen/"),
    Page("calls", "leerkracht", "/school/bellen/"),
    Page("ladders", "directie", "/school/berichten/ladder/"),
    Page("threads", "leerkracht", "/school/vragen/"),
    Page("thread", "leerkracht", "/school/vragen/{thread}/"),
    Page("thread-translated", "leerkracht", "/school/vragen/{own_thread}/"),
    Page("working-days", "leerkracht", "/school/werkdagen/"),
    Page("family-notices", "leerkracht", "/school/gezinnen/{kaur}/berichten/"),
    Page("texts", "vertaler", "/school/teksten/"),
    Page("text", "vertaler", "/school/teksten/sjabloon/{template}/"),
    Page("text-in-punjabi", "vertaler", "/school/teksten/sjabloon/{template}/pa/"),
    Page("text-in-arabic", "gezamenlijke", "/school/teksten/sjabloon/{template}/ar/"),
    Page("text-in-dutch", "gezamenlijke", "/school/teksten/sjabloon/{template}/nl/"),
    Page("welcome-text", "directie", "/school/teksten/welkom/{school}/"),
    Page("second-factors", "leerkracht", "/accounts/2fa/"),
    Page("unusual-reading", "directie", "/school/inzage/"),
    Page("data-checks", "directie", "/school/gegevenscontrole/"),
    Page("consents", "leerkracht", "/school/gezinnen/{kaur}/rechten/"),
    Page("data-requests", "directie", "/school/gegevens/"),
    Page("register", "directeur-vclb", "/school/verwerkingen/"),
    Page("privacy", "moeder", "/ouders/privacy/"),
    Page("my-data", "moeder", "/ouders/mijn-gegevens/"),
    Page("who-looked", "moeder", "/ouders/mijn-gegevens/wie-keek/"),
    Page("lists", "directie", "/school/lijsten/"),
    Page("head-week", "directie", "/school/week/"),
    Page("not-reached", "gezamenlijke", "/school/niet-bereikt/"),
    Page("joint-family", "gezamenlijke", "/school/gezinnen/{kaur}/"),
    Page("figures", "gezamenlijke", "/school/cijfers/"),
    Page("figure", "gezamenlijke", "/school/cijfers/I01/"),
    Page("not-understood", "gezamenlijke", "/school/cijfers/I32/?per=template"),
    Page("how-we-count", "gezamenlijke", "/school/cijfers-uitleg/"),
    Page("reports", "gezamenlijke", "/school/evaluatie/"),
    Page("outside-figures", "coordinator", "/school/cijfers/"),
    Page("outside-figure", "coordinator", "/school/cijfers/I06/"),
    Page("parent-sign-in", "", "/ouders/aanmelden/"),
    Page("letter-code", "", "/k/"),
    Page("welcome", "", "/ouders/welkom/{number}/"),
    Page("portal", "moeder", "/ouders/"),
    Page("child", "moeder", "/ouders/kinderen/{pupil}/"),
    Page("meetings", "moeder", "/ouders/gesprekken/"),
    Page("choose-time", "moeder", "/ouders/gesprekken/{place}/"),
    Page("sign-up", "moeder", "/ouders/bijeenkomsten/{gathering}/"),
    Page("sign-up-full", "moeder", "/ouders/bijeenkomsten/{reading}/"),
    Page("signed-up", "vader", "/ouders/bijeenkomsten/{gathering}/"),
    Page("away", "moeder", "/ouders/kinderen/{pupil}/afwezig/"),
    Page("own-calendar", "moeder", "/ouders/agenda/"),
    Page("question", "moeder", "/ouders/vragen/{own_thread}/"),
    Page("choices", "moeder", "/ouders/keuzes/"),
    Page("notice-by-link", "", "/b/{token}/"),
    Page("notice-gone", "", "/b/bestaat-niet/"),
)


def addresses(portal: Portal) -> dict[str, str]:
    """Each page's path in this portal. The notice by link is the mother's newest."""
    rows = {name: portal.ask(question) for name, question in _ROWS.items()}
    link = next(notice["url"] for notice in portal.notices if notice["language"] == "pa")
    rows["token"] = link.rstrip("/").rsplit("/", 1)[1]
    return {page.name: page.path.format(**rows) for page in PAGES}
