"""The whole way of a parent at a shared phone, step by step: what each step shows and what it leaves in the database.

A generator: it stops at every page worth looking at and says its name. Tests measure there, ``make screenshots`` takes
a picture there. It walks without scripts, three times: each time with another notice, in another language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.choices_by_link import choices_by_link
from tests.browser.looking import HTML_LANGUAGES
from tests.browser.stage import Portal, wait_until


@dataclass(frozen=True)
class Walk:
    """Who walks, with which phone, through the notice of which template; what they ask, and a language to try."""

    language: str
    first_name: str
    phone: str
    child: str
    template: str
    question: str
    more: str
    last: str
    other_language: str

    @property
    def guardian(self) -> str:
        """A question for the portal."""
        return f"Guardian.objects.get(first_name={self.first_name!r}, contact_points__value={self.phone!r})"


WALKS = (
    Walk("nl", "Zarghuna", "+32470000012", "Malalai", "school-trip-consent",
         "Mag oma meekomen?", "Zij spreekt Dari.", "Dank u.", "tr"),
    Walk("ar", "Zarghuna", "+32470000012", "Malalai", "library-class-visit",
         "هل يمكن أن تأتي الجدة؟", "هي تتكلم الدارية.", "شكراً.", "pl"),
    Walk("pa", "Gurpreet", "+32470000001", "Simran", "school-trip-consent",
         "ਕੀ ਦਾਦੀ ਵੀ ਆ ਸਕਦੀ ਹੈ?", "ਉਹ ਪੰਜਾਬੀ ਬੋਲਦੀ ਹੈ।", "ਧੰਨਵਾਦ।", "fr"),
)  # fmt: skip


class Parent:
    """One walk in one window."""

    def __init__(self, portal: Portal, window: Page, walk: Walk) -> None:
        self.portal, self.window, self.walk = portal, window, walk
        # A text message of which nobody knows whether it arrived has a link like all others.
        self.delivery = portal.ask(
            f"Delivery.objects.filter(guardian={walk.guardian}, channel='SMS',"
            f" status__in=['SENT', 'DELIVERED', 'FAILED'], notice__status='PUBLISHED',"
            f" notice__template__slug={walk.template!r}).latest('pk').pk"
        )
        self.birthday = portal.ask(
            f"Pupil.objects.get(first_name={walk.child!r}, enrolments__school_class__name='3B',"
            " enrolments__school__name__contains='Kersenboom', enrolments__ends_on__isnull=True).birth_date"
        )

    def whole_way(self) -> Iterator[str]:
        yield from self._second_fact()
        yield from self._notice()
        yield from choices_by_link(self)
        yield from self._sign_in()
        yield from self._portal()
        yield from self._choices()
        self._sign_out()
        yield from self._other_doors()

    # By the link: the phone is shared, so a birthday comes before any name.

    def _second_fact(self) -> Iterator[str]:
        self._open(f"/b/{self._token(self.delivery)}/?taal={self.walk.language}")
        expect(self.window).to_have_url(re.compile("/wie/"))
        assert self.walk.child not in self._main().inner_text(), "no name before the second fact"
        self._say_birthday(wrong=True)
        expect(self.window.get_by_role("alert")).to_be_visible()
        yield "second-fact-wrong"
        self._say_birthday()
        expect(self.window).to_have_url(re.compile(r"/b/[^/]+/$"))
        expect(self._main()).to_contain_text(self.walk.child)

    def _notice(self) -> Iterator[str]:
        button = self._main().locator('button[name="answer"]').last
        key = button.get_attribute("value")
        button.click()
        expect(self._main().locator('button[aria-pressed="true"]')).to_have_attribute("value", str(key))
        self._says("success")
        assert self._ask(f"Answer.objects.get(notice={self._notice_of}, guardian={self.walk.guardian}).key") == key
        yield "token-answered"
        self._write("   ")
        self._says("wrong")
        yield "token-asked-nothing"
        self._write(self.walk.question)
        self._says("success")
        assert self._posts() == [(self.walk.question, self.walk.language)]
        yield "token-asked"
        self._main().locator('button[value="not_understood"]').click()
        expect(self._main().locator('button[value="not_understood"]')).to_have_count(0)
        assert self._ask(f"Delivery.objects.get(pk={self.delivery}).not_understood_at is not None") == "True"
        yield "token-not-understood"
        self._main().locator("details", has=self.window.locator('form[action$="/niet-voor-mij/"]')).locator(
            "summary"
        ).click()
        self._main().locator('form[action$="/niet-voor-mij/"] button').click()
        self._says("success")
        told = f"FollowUp.objects.open().filter(guardian={self.walk.guardian}, what__contains='iemand anders')"
        assert int(self._ask(f"{told}.filter(owner__full_name='Lotte Claes').count()")) == 1
        yield "token-not-me"

    # With a code: who one is comes from the phone, the name and the birthday.

    def _sign_in(self) -> Iterator[str]:
        self._main().locator(f'a[href="/ouders/?van={self.walk.language}"]').click()
        expect(self.window).to_have_url(re.compile("/ouders/aanmelden/"))
        self._fill_and_send("contact", "oma")
        expect(self._main().locator(".field-wrong .error")).to_be_visible()
        yield "sign-in-wrong"
        before = len(self.portal.codes_at(self.walk.phone))
        self._fill_and_send("contact", f"0{self.walk.phone.removeprefix('+32')}")
        expect(self.window).to_have_url(re.compile("/code/"))
        self._fill_and_send("code", "000000")
        expect(self._main().locator(".field-wrong .error")).to_be_visible()
        yield "code-wrong"
        wait_until(lambda: len(self.portal.codes_at(self.walk.phone)) > before)
        self._fill_and_send("code", self.portal.codes_at(self.walk.phone)[-1])
        expect(self.window).to_have_url(re.compile("/ouders/aanmelden/wie/"))
        assert self.walk.first_name not in self._main().inner_text(), "no name before the second fact"
        self._say_birthday(wrong=True)
        expect(self.window.get_by_role("alert")).to_be_visible()
        yield "birthday-wrong"
        self._say_birthday()
        self._main().get_by_text(self.walk.first_name, exact=True).click()
        yield "choose"
        self._main().locator("form.form button[type=submit]").click()
        expect(self.window).to_have_url(re.compile("/ouders/$"))
        expect(self.window.locator("h1")).to_contain_text(self.walk.first_name)

    def _portal(self) -> Iterator[str]:
        self._main().locator(f'a[href="/ouders/berichten/{self.delivery}/"]').click()
        expect(self._main()).to_contain_text(self.walk.question)
        self._write(self.walk.more)
        expect(self._main()).to_contain_text(self.walk.more)
        assert [text for text, _language in self._posts()] == [self.walk.question, self.walk.more]
        self._main().locator('button[value="understood"]').click()
        expect(self._main().locator('button[value="understood"]')).to_have_count(0)
        assert self._ask(f"Delivery.objects.get(pk={self.delivery}).understood_at is not None") == "True"
        yield "portal-understood"
        self._open("/ouders/")
        thread = f"Thread.objects.get(guardian={self.walk.guardian}, notice={self._notice_of}).pk"
        self._main().locator(f'a[href="/ouders/vragen/{self._ask(thread)}/"]').click()
        expect(self._main()).to_contain_text(self.walk.question)
        self._main().locator("form textarea").fill(self.walk.last)
        self._main().locator("form:has(textarea) button[type=submit]").click()
        self._says("success")
        assert [text for text, _language in self._posts()][2:] == [self.walk.last]
        yield "portal-question"
        self._open("/ouders/")
        self._main().locator('a[href^="/ouders/kinderen/"]', has_text=self.walk.child).click()
        expect(self.window.locator("h1")).to_have_text(self.walk.child)
        expect(self._main()).to_contain_text("Lotte Claes")
        self._main().locator('a[href^="/ouders/?kind="]').click()
        expect(self.window.locator("h1")).to_have_text(self.walk.child)
        expect(self._main().locator(f'a[href="/ouders/berichten/{self.delivery}/"]')).to_be_visible()
        yield "child-notices"

    def _choices(self) -> Iterator[str]:
        was = self._ask(f"{self.walk.guardian}.contact_language")
        self.window.locator('nav a[href="/ouders/keuzes/"]').click()
        self.choose_language(self.walk.other_language)
        self.choose_language(self.walk.language)
        expect(self.window.locator("html")).to_have_attribute("lang", HTML_LANGUAGES[self.walk.language])
        self._says("success")
        yield "choices-saved"
        form = self._form("reading")
        form.locator('label:has(input[value="EASY_TEXT"])').click()
        form.locator('label:has(input[value="SMS"])').click()
        form.locator("button[type=submit]").click()
        self._says("success")
        kept = f"[{self.walk.guardian}.reading_mode, {self.walk.guardian}.preferred_channel]"
        assert self._ask(kept) == "['EASY_TEXT', 'SMS']"
        self._main().locator("details", has=self.window.locator('input[value="contact"]')).locator("summary").click()
        self.ask_to_change("oma")
        expect(self._main().locator(".field-wrong .error")).to_be_visible()
        yield "choices-wrong"
        self.ask_to_change("0470 99 99 99")
        self._says("success")
        asked = f"FollowUp.objects.open().filter(guardian={self.walk.guardian}, what__contains='0470 99 99 99')"
        assert int(self._ask(f"{asked}.count()")) >= 1
        assert self._ask(f"ContactPoint.objects.filter(uses__guardian={self.walk.guardian}).count()") == "1"
        self.choose_language(was)
        self._open(f"/ouders/keuzes/?taal={self.walk.language}")

    def _sign_out(self) -> None:
        self.window.locator('form[action="/ouders/afmelden/"] button').click()
        expect(self.window).to_have_url(re.compile("/ouders/aanmelden/"))
        self._says("success")
        self._open("/ouders/keuzes/")
        expect(self.window).to_have_url(re.compile("/ouders/aanmelden/"))
        self._open(f"/ouders/aanmelden/?taal={self.walk.language}")

    def _other_doors(self) -> Iterator[str]:
        """The code of a letter, and no more mails."""
        self._open(f"/k/?taal={self.walk.language}")
        self._fill_and_send("code", "AAAA-AAAA-AAAA")
        expect(self._main().locator(".field-wrong .error")).to_be_visible()
        yield "letter-code-wrong"
        letters = "Delivery.objects.filter(channel='LETTER', guardian__first_name='Olena', notice__status='PUBLISHED')"
        letter = f"{letters}.exclude(notice__template__slug='blank-sheet').latest('pk')"
        self._fill_and_send("code", self._ask(f"{_of('messaging.tokens')}.short_code({letter})"))
        expect(self.window).to_have_url(re.compile(r"/b/[^/]+/$"))
        expect(self._main()).to_contain_text("Danylo")
        mails = "Delivery.objects.filter(channel='EMAIL', guardian__first_name='Marek', status='SENT')"
        mail = self._ask(f"{mails}.order_by('pk').last().pk")
        about = self._ask(f"Delivery.objects.get(pk={mail}).notice.template.category")
        theirs = f"guardian__first_name='Marek', channel='EMAIL', category={about!r}"
        refusals = f"OptOut.objects.filter({theirs}).count()"
        self._ask(f"OptOut.objects.filter({theirs}).delete()")  # who went this way before refused it
        self._open(f"/b/{self._token(mail)}/uitschrijven/")
        assert self._ask(refusals) == "0", "looking is not asking"
        yield "unsubscribe"
        self._main().locator('form button[value="this"]').click()
        expect(self._main().locator(".notice-banner-success")).to_be_visible()
        assert self._ask(refusals) == "1"
        yield "unsubscribed"

    # What the steps are made of.

    def _open(self, path: str) -> None:
        self.window.goto(self.portal.url(path))

    def _ask(self, question: str) -> str:
        return self.portal.ask(question)

    def _main(self) -> Locator:
        return self.window.locator("main")

    def _form(self, name: str) -> Locator:
        return self._main().locator(f'form:has(input[name="form"][value="{name}"])')

    def _says(self, tone: str) -> None:
        expect(self._main().locator(f"#messages .notice-banner-{tone}")).to_be_visible()

    def _token(self, delivery: str) -> str:
        return self._ask(f"{_of('messaging.tokens')}.make_token(Delivery.objects.get(pk={delivery}))")

    @property
    def _notice_of(self) -> str:
        return f"Delivery.objects.get(pk={self.delivery}).notice"

    def _posts(self) -> list[tuple[str, str]]:
        rows = f"ThreadPost.objects.filter(thread__guardian={self.walk.guardian}, thread__notice={self._notice_of})"
        lines = self._ask(f"'\\n'.join(post.language + ' ' + post.text for post in {rows}.order_by('pk'))").split("\n")
        return [(line.partition(" ")[2], line.partition(" ")[0]) for line in lines]

    def _say_birthday(self, *, wrong: bool = False) -> None:
        day, month = int(self.birthday[8:]), int(self.birthday[5:7])
        self._main().locator('input[name="day"]').fill(str(day % 28 + 1 if wrong else day))
        self._fill_and_send("month", str(month))

    def _fill_and_send(self, name: str, value: str) -> None:
        field = self._main().locator(f'input[name="{name}"]')
        field.fill(value)
        self._main().locator(f'form:has(input[name="{name}"]) button[type=submit]').click()

    def _write(self, text: str) -> None:
        form = self._main().locator('form:has(textarea[name="text"])')
        if not form.is_visible():
            self._main().locator("details", has=self.window.locator('textarea[name="text"]')).locator("summary").click()
        form.locator("textarea").fill(text)
        form.locator("button[type=submit]").click()

    def choose_language(self, code: str) -> None:
        form = self._form("language")
        form.locator("select[name$='-language']").select_option(code)
        form.locator("button[type=submit]").click()
        expect(self.window.locator("html")).to_have_attribute("lang", re.compile(f"^{code}"))
        assert self._ask(f"{self.walk.guardian}.contact_language") == code

    def ask_to_change(self, contact: str) -> None:
        form = self._form("contact")
        form.locator('input[name$="contact"]').fill(contact)
        form.locator("button[type=submit]").click()


def _of(module: str) -> str:
    """A module, for a question."""
    return f"__import__({module!r}, fromlist=['all'])"
