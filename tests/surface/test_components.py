"""Every component is in the gallery, every colour can be read, and the UI tags say what they promise."""

from __future__ import annotations

import datetime as dt
import re
from itertools import product
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, TemplateDoesNotExist, engines
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from ingroeibloei import gallery, icons
from ingroeibloei.pictogram_words import PICTOGRAM_WORDS
from schools import clock
from schools.models import School

COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
STATIC = Path(settings.BASE_DIR) / "ingroeibloei" / "static" / "ingroeibloei"
SURFACES = ("paper", "card", "sunk", "leaf-tint", "blossom-tint", "sun-tint", "sky-tint", "brick-tint")
TEXTS = ("ink", "ink-soft", "leaf", "leaf-deep", "blossom-ink", "sun", "sky", "brick")
FILLS = ("leaf-fill", "leaf-fill-hover")
PARENTS_STYLES = ("tokens.css", "app.css", "parent.css")


def render(source: str, **variables: object) -> str:
    template = engines["django"].engine.from_string(source)  # type: ignore[attr-defined]
    return str(template.render(Context(variables))).strip()


def colours(scheme: str) -> dict[str, str]:
    """The colour tokens of one scheme as the browser sees them: dark ones override the light."""
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    light, rest = css.split("@media (prefers-color-scheme: dark)", 1)
    dark = rest.split("@font-face", 1)[0]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """The ratio of WCAG 2: 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), [*product(TEXTS, SURFACES), *product(("on-fill",), FILLS)])
def test_every_text_can_be_read_on_every_surface(scheme: str, text: str, surface: str) -> None:
    tokens = colours(scheme)
    assert contrast(tokens[text], tokens[surface]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), [*product(("ink", "ink-soft", "leaf"), ("blossom-tint", "leaf-tint"))])
def test_what_stands_over_the_petals_can_be_read(scheme: str, text: str, surface: str) -> None:
    """On a phone the way back and the line below a title reach into the drawing."""
    drawing = (STATIC / "petals.svg").read_text(encoding="utf-8")
    petals = re.search(r'<g fill="(#[0-9a-f]{6})" fill-opacity="([.0-9]+)"', drawing)
    assert petals
    tokens, share = colours(scheme), float(petals[2])
    mixed = (
        round(int(below[at : at + 2], 16) * (1 - share) + int(petals[1][at : at + 2], 16) * share)
        for below in [tokens[surface]]
        for at in (1, 3, 5)
    )
    assert contrast(tokens[text], "#" + "".join(f"{part:02x}" for part in mixed)) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "surface"), [*product(("line-strong", "blossom", "focus"), SURFACES)])
def test_what_carries_meaning_without_words_stands_out(scheme: str, mark: str, surface: str) -> None:
    tokens = colours(scheme)
    assert contrast(tokens[mark], tokens[surface]) >= 3


def test_every_component_is_in_the_gallery() -> None:
    shown = {specimen.name for specimen in gallery._specimens()}
    assert {path.stem for path in COMPONENTS.glob("*.html")} == shown


def test_every_component_says_what_it_takes() -> None:
    silent = [path.name for path in COMPONENTS.glob("*.html") if not path.read_text().startswith("{% comment %}")]
    assert silent == []


def test_a_component_is_given_only_what_it_shows() -> None:
    """What it does not know would be silently left out."""
    tag = re.compile(
        r"""{% (?:component "(\w+)"|(panel|pagehead|disclosure|toolbar|tablewrap)\b)((?:"[^"]*"|[^%"])*)%}"""
    )
    block_tags = {"pagehead": "page_head", "tablewrap": "table_wrap"}
    unknown = set()
    for page in COMPONENTS.parent.rglob("*.html"):
        for part, block, given in tag.findall(page.read_text(encoding="utf-8")):
            name = part or block_tags.get(block, block)
            shown = re.sub(
                r"{% comment %}.*?{% endcomment %}", "", (COMPONENTS / f"{name}.html").read_text(), flags=re.S
            )
            for parameter in re.findall(r"(\w+)=", re.sub(r'"[^"]*"', "", given)):
                if not re.search(rf"\b{parameter}\b", shown):
                    unknown.add(f"{page.name}: {name} {parameter}")
    assert unknown == set()


def test_the_gallery_shows_every_specimen_icon_and_pictogram() -> None:
    page = gallery.gallery(RequestFactory().get("/galerij/")).content.decode()
    assert page.count("data-component=") == len(gallery._specimens())
    assert page.count("<h1") == 1
    assert not re.search(r"\sstyle=", page)
    assert page.count('class="pictogram') > len(icons.names("pictograms")) >= 36


def test_the_gallery_turns_round_for_a_right_to_left_reader() -> None:
    page = gallery.gallery(RequestFactory().get("/galerij/", {"taal": "ar"})).content.decode()
    assert re.search(r'<html lang="ar"\s+dir="rtl">', page)


def test_an_unknown_part_icon_or_pictogram_fails_loudly() -> None:
    with pytest.raises(TemplateDoesNotExist):
        render('{% component "no_such_part" %}')
    for tag in ("icon", "pictogram"):
        with pytest.raises(icons.UnknownDrawingError):
            render(f'{{% {tag} "no-such-drawing" %}}')


def test_a_component_sees_only_what_it_is_given() -> None:
    shown = render('{% component "badge" label="Wacht" %}', icon="send", tone="leaf")
    assert "badge-plain" in shown
    assert "<svg" not in shown


def test_block_components_keep_the_page_around_them() -> None:
    shown = render('{% panel title="Opvolging" %}<p>{{ who }}</p>{% endpanel %}', who="<Annemie>")
    assert "Opvolging" in shown
    assert "<p>&lt;Annemie&gt;</p>" in shown


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("nl", "ma 15 feb, 15.30"),
        ("en", "Mon 15 Feb, 15:30"),
        ("fr", "lun 15 fév, 15:30"),
        ("tr", "15 Şub Pzt, 15:30"),
        ("ar", "الاثنين 15 فبراير، 15:30"),
    ],
)
def test_dates_read_as_people_write_them(code: str, expected: str) -> None:
    moment = timezone.make_aware(dt.datetime(2027, 2, 15, 15, 30))
    with translation.override(code):
        shown = render("{{ moment|daytime }}", moment=moment)
        assert shown.replace("\u00a0", " ") == expected


@pytest.mark.parametrize("code", ["nl", "fr", "tr", "ar"])
@pytest.mark.parametrize("form", ["", "year", "any", "date"])
def test_no_line_breaks_within_a_day(code: str, form: str) -> None:
    with translation.override(code):
        shown = render("{{ day|daydate:form }}", day=dt.date(2027, 2, 15), form=form)
    assert " " not in shown
    assert len(shown.split()) >= 2


@pytest.mark.parametrize(("code", "clocks"), [("nl", ("14.00", "15.30")), ("ar", ("14:00", "15:30"))])
def test_hours_stay_on_one_line(code: str, clocks: tuple[str, str]) -> None:
    """On a narrow phone a line ended with the dash, and in Arabic the last hour was looked for at the wrong side."""
    start = dt.datetime(2027, 5, 28, 14, tzinfo=clock.BRUSSELS)
    with translation.override(code):
        first, last = (f'<bdi dir="ltr">{words}</bdi>' for words in clocks)
        shown = render("{% hours start end %}", start=start, end=start + dt.timedelta(minutes=90))
        assert shown.endswith(f' <span class="nowrap">{first}–{last}</span>')
        assert render("{% hours start end %}", start=start, end=None) == render("{{ start|daytime }}", start=start)


def test_a_birthday_has_no_weekday() -> None:
    with translation.override("nl"):
        assert render('{{ day|daydate:"date" }}', day=dt.date(2018, 3, 6)) == "6\u00a0mrt\u00a02018"


def test_french_writes_the_first_of_a_month_as_an_ordinal() -> None:
    with translation.override("fr"):
        shown = [render("{{ day|daydate }}", day=dt.date(2027, 2, number)) for number in (1, 11)]
    assert [" ".join(day.split()) for day in shown] == ["lun 1er fév", "jeu 11 fév"]


@pytest.mark.parametrize("code", ["ar", "fa", "pa", "ps"])
def test_dates_keep_latin_digits_in_every_language(code: str) -> None:
    with translation.override(code):
        shown = render('{{ day|daydate:"year" }}', day=dt.date(2027, 2, 15))
    assert re.findall(r"\d+", shown) == ["15", "2027"]


def test_languages_come_from_our_own_table() -> None:
    assert render('{{ "pa"|own_name }} {{ "ps"|direction }} {{ "prs"|html_lang }}') == "ਪੰਜਾਬੀ rtl fa-AF"


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+32470123456", "0470 12 34 56"), ("+31612345678", "+31 6 12345678"), ("vraag buurvrouw", "vraag buurvrouw")],
)
def test_numbers_are_shown_as_people_dial_them(number: str, shown: str) -> None:
    assert render("{{ number|phone_display }}", number=number) == shown


class Talk(forms.Form):
    kind = forms.ChoiceField(widget=forms.RadioSelect, choices=[("gate", "Poort")], label="Hoe?")
    day = forms.DateField(label="Wanneer?", help_text="De dag zelf.")
    email = forms.EmailField(label="E-mail", required=False)


def test_a_wrong_form_names_each_error_at_its_field_and_on_top() -> None:
    shown = render("{{ form|as_fields }}", form=Talk({"email": "nee"}))
    assert 'role="alert"' in shown
    assert '<a href="#id_day">' in shown
    assert 'id="id_day"' in shown
    assert 'aria-describedby="id_day_helptext id_day_error"' in shown
    assert 'id="id_day_error"' in shown
    assert '<a href="#id_kind_field">' in shown
    assert 'id="id_kind_field"' in shown
    assert shown.count('aria-invalid="true"') >= 2


@pytest.mark.parametrize("kind", [forms.ChoiceField, forms.MultipleChoiceField, forms.TypedChoiceField])
def test_a_choice_that_is_gone_is_refused_without_its_code(kind: type[forms.ChoiceField]) -> None:
    class Choosing(forms.Form):
        hour = kind(choices=[("1", "16.00")])

    form = Choosing({"hour": ["2185-12"] if kind is forms.MultipleChoiceField else "2185-12"})
    assert form.errors["hour"] == ["Deze keuze is er niet. Kies iets uit de lijst."]


@pytest.mark.parametrize("kind", [forms.ChoiceField, forms.MultipleChoiceField, forms.TypedChoiceField])
def test_where_there_is_a_choice_one_is_asked_to_choose(kind: type[forms.ChoiceField]) -> None:
    class Choosing(forms.Form):
        hour = kind(choices=[("1", "16.00")])
        schools = forms.ModelMultipleChoiceField(School.objects.none())
        school = forms.ModelChoiceField(School.objects.none())
        words = forms.CharField()

    errors = Choosing({}).errors
    assert [errors[name] for name in ("hour", "schools", "school")] == [["Maak een keuze."]] * 3
    assert errors["words"] == ["Dit is nog leeg. Vul het in."]


def test_a_label_stands_as_far_from_its_colon_as_its_language_wants() -> None:
    words = engines["django"].from_string('{% translate "Class" %}{% colon %} x')
    with translation.override("fr-be"):
        assert words.render() == "Classe\u00a0: x"
    with translation.override("nl-be"):
        assert words.render() == "Klas: x"


def test_a_right_form_has_native_pickers_and_no_alarm() -> None:
    shown = render("{{ form|as_fields }}", form=Talk(initial={"day": dt.date(2027, 2, 15)}))
    assert 'role="alert"' not in shown
    assert 'type="date"' in shown
    assert 'value="2027-02-15"' in shown
    assert re.search(r'<input type="email"[^>]* dir="ltr"', shown)


def test_a_label_is_not_said_again_within_its_field(client: Client) -> None:
    """As allauth does on the pages of signing in."""
    assert "placeholder" not in client.get(reverse("account_login")).content.decode()


def test_no_form_says_its_errors_twice() -> None:
    """``as_fields`` begins with their summary."""
    twice = re.compile(r'component "error_summary" form=(\w+).*\n\s*\{\{ \1\|as_fields')
    for page in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        assert not twice.search(page.read_text(encoding="utf-8")), page


def test_styles_know_no_left_and_right_and_no_other_machine() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(?:margin|padding|border)-(?:left|right)|text-align: (?:left|right)|float:", text), sheet
        assert not re.search(r"https?://|@import", text), sheet


def test_what_a_parent_loads_besides_the_page_stays_small() -> None:
    styles = sum((STATIC / "css" / name).stat().st_size for name in PARENTS_STYLES)
    fonts = [path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")]
    assert styles < 36_000  # about 8 kB as sent, compressed
    assert max(fonts) < 32_000


def test_every_pictogram_has_a_word_that_is_read_where_it_stands_alone() -> None:
    assert set(PICTOGRAM_WORDS) == set(icons.names("pictograms"))
    assert len(PICTOGRAM_WORDS) >= 36
    for name, word in PICTOGRAM_WORDS.items():
        alone = render("{% pictogram name alone=True %}", name=name)
        assert f'role="img" aria-label="{escape(word)}"' in alone
        assert "aria-hidden" not in alone
        assert 'aria-hidden="true"' in render("{% pictogram name %}", name=name)


@pytest.mark.parametrize(("code", "comma"), [("nl", ", "), ("ar", "، "), ("pa", ", ")])
def test_names_in_a_row_have_the_comma_of_the_script_and_cannot_be_markup(code: str, comma: str) -> None:
    with translation.override(code):
        shown = render("{{ people|names }}", people=["Amina", "<b>"])
    assert shown == f"<bdi>Amina</bdi>{comma}<bdi>&lt;b&gt;</bdi>"


def test_the_next_page_of_a_list_opens_where_the_list_is() -> None:
    page = Paginator(range(60), 20).get_page(2)
    shown = render('{% component "pagination" page=page query="klas=3B" anchor="kinderen" %}', page=page)
    assert re.findall(r'href="([^"]*)"', shown) == ["?klas=3B&amp;page=1#kinderen", "?klas=3B&amp;page=3#kinderen"]
    elsewhere = render('{% component "pagination" page=page %}', page=page)
    assert re.findall(r'href="([^"]*)"', elsewhere) == ["?page=1", "?page=3"]
