"""A notice of the cast for whose Punjabi a translator is asked, and the translator's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from messaging.models import Notice, TranslationRequest
from messaging.services import accept_request, ask_translators, update_notice
from schools import clock
from tests.cast import Cast
from tests.messaging.notices_for_pages import draft

DUTCH = {
    "title": "Kom praten over {child}",
    "body": "Beste ouder,\nKom om 15.30 naar lokaal 12. Simran Kaur of haar opa Baldev Singh mag mee.",
}


def notice_with_names(cast: Cast) -> Notice:
    return update_notice(draft(cast), dutch=DUTCH)


def asked_for(notice: Notice) -> TranslationRequest:
    context = "Voor de ouders van Simran Kaur, bel 0470 00 00 01"
    due_on = clock.today() + timedelta(days=3)
    return ask_translators(notice=notice, languages=["pa"], due_on=due_on, by=notice.author, context=context)[0]


def taken_by_the_translator(cast: Cast, asked: TranslationRequest) -> TranslationRequest:
    accept_request(request=asked, by=cast.staff["translator"])
    return TranslationRequest.objects.get(pk=asked.pk)


def work(cast: Cast, asked: TranslationRequest) -> Any:
    return cast.client("translator").get(reverse("translation_work", args=[asked.pk]))


def words(cast: Cast, asked: TranslationRequest, **other: str) -> dict[str, str]:
    """A translation that keeps every mark."""
    dutch = work(cast, asked).context["work"].dutch.as_fields()
    return {name: f"ਪੰ {closed}" for name, closed in dutch.items() if closed} | other


def hand_in(cast: Cast, asked: TranslationRequest, **other: str) -> Any:
    return cast.client("translator").post(
        reverse("translation_work", args=[asked.pk]), words(cast, asked, **other), follow=True
    )
