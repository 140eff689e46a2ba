"""A draft of the cast's teacher whose words are her own: the translator of the cast is asked for the Punjabi."""

from __future__ import annotations

from datetime import timedelta

from ingroeibloei.demo.world import World, moment_of
from messaging.models import Notice, TranslationRequest, VoiceRequest
from messaging.services import ask_translators, ask_voice, create_notice, update_notice
from schools.models import School

LANGUAGE, SPOKEN = "pa", "rif"
DUTCH = {
    "title": "Samen groenten planten in de schooltuin",
    "body": "Beste ouder,\nWij planten groenten in de schooltuin. Uw kind krijgt een plantje mee naar huis.\n"
    "Geef uw kind oude kleren en laarzen mee.\nWilt u helpen? Dat is fijn. U hoeft niets te kennen van planten.",
}


def build(world: World) -> None:
    teacher = world.cast["leerkracht"]
    room = world.class_named("kersenboom", "3B")
    about = world.today + timedelta(days=12)
    notice = create_notice(
        author=teacher,
        template=world.templates["coffee-morning"],
        school=room.school,
        school_class=room,
        values={"date": about.isoformat(), "time": "13:30", "place": "de schooltuin", "activity": "Samen planten"},
    )
    update_notice(notice, dutch=DUTCH)
    due_on = world.today + timedelta(days=3)
    context = "Voor de ouders van kinderen van acht jaar. Veel van hen hebben zelf een moestuin."
    ask_translators(notice=notice, languages=[LANGUAGE], due_on=due_on, by=teacher, context=context)
    begun = moment_of(world.today, 8, 20)
    Notice.objects.filter(pk=notice.pk).update(created_at=begun, saved_at=begun)
    TranslationRequest.objects.filter(notice=notice).update(asked_at=begun, invited_at=begun)
    _ask_for_a_voice(world, room.school)


def _ask_for_a_voice(world: World, school: School) -> None:
    """The head asks the school's volunteer to read a text aloud for those who speak a language without writing."""
    asked = ask_voice(
        school=school,
        language=SPOKEN,
        by=world.heads[school.pk],
        template=world.templates["home-visit"],
        context="Zeg het zoals je het aan de schoolpoort zou zeggen.",
    )
    begun = moment_of(world.today, 8, 40)
    VoiceRequest.objects.filter(pk=asked.pk).update(asked_at=begun, invited_at=begun)
