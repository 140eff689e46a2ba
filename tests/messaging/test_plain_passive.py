"""The passive is found, and plain adjectives, perfect tenses and nouns are left alone."""

from __future__ import annotations

import pytest

from messaging.plain_dutch import Kind, findings


def passives(text: str) -> list[str]:
    return [found.words for found in findings(text) if found.kind == Kind.PASSIVE]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("U wordt uitgenodigd op school.", "wordt uitgenodigd"),
        ("De kinderen worden om 8.30 uur opgehaald.", "worden om 8.30 uur opgehaald"),
        ("De brief werd gisteren verstuurd.", "werd gisteren verstuurd"),
        ("De prijzen werden aangepast.", "werden aangepast"),
        ("Het formulier moet ingevuld worden.", "ingevuld worden"),
        ("Het geld kan later betaald worden aan de school.", "betaald worden"),
        ("Het geld mag worden meegebracht.", "worden meegebracht"),
        ("Er wordt een foto gemaakt door de fotograaf.", "wordt een foto gemaakt"),
        ("Wij vragen dat de tas elke dag meegegeven wordt.", "meegegeven wordt"),
        ("Er wordt gedanst en gezongen.", "wordt gedanst"),
        ("De rekening wordt verzonden op maandag.", "wordt verzonden"),
        ("De tekst wordt herlezen.", "wordt herlezen"),
        ("Vandaag wordt de school gesloten om 12 uur.", "wordt de school gesloten"),
        ("Alles wordt besproken met de ouders.", "wordt besproken"),
        ("De deur wordt door de juf geopend.", "wordt door de juf geopend"),
        ("De brief is gemaakt door de juf.", "is gemaakt"),
        ("Het feest is uitgesteld.", "is uitgesteld"),
        ("De uitstap is afgelast.", "is afgelast"),
        ("Alle ouders zijn uitgenodigd op het feest.", "zijn uitgenodigd"),
        ("De plaatsen waren al gereserveerd door anderen.", "waren al gereserveerd"),
        ("De toetsen zijn verbeterd.", "zijn verbeterd"),
        ("Zijn jas werd gevonden.", "werd gevonden"),
        ("De uren werden vastgelegd in de agenda.", "werden vastgelegd"),
        ("Zij worden begeleid.", "worden begeleid"),
        ("De som wordt terugbetaald.", "wordt terugbetaald"),
        ("Hij wordt geopereerd.", "wordt geopereerd"),
        ("Het eten wordt voorbereid.", "wordt voorbereid"),
        ("De boeken worden gekaft, en de schriften ook.", "worden gekaft"),
        ("Wie te laat komt, wordt opgebeld.", "wordt opgebeld"),
        ("De kinderen zijn moe en worden opgehaald.", "worden opgehaald"),
        ("Gelieve te noteren dat er gegeten wordt in de klas.", "gegeten wordt"),
        ("De stoelen moeten teruggezet worden.", "teruggezet worden"),
        ("In de klas wordt veel geleerd.", "wordt veel geleerd"),
        ("Er zal gecontroleerd worden.", "gecontroleerd worden"),
        ("De tas wordt onderzocht.", "wordt onderzocht"),
        ("De brief wordt ondertekend.", "wordt ondertekend"),
        ("Drank wordt voorzien.", "wordt voorzien"),
        ("De klas werd in twee groepen verdeeld.", "werd in twee groepen verdeeld"),
        ("Het verslag werd overhandigd.", "werd overhandigd"),
        ("U wordt verzocht op tijd te komen.", "wordt verzocht"),
        ("De brief moet nog gelezen kunnen worden.", "gelezen kunnen worden"),
        ("Dat is iets dat gemaakt moet worden.", "gemaakt moet worden"),
        ("De feesten die georganiseerd zijn, kosten geld.", "georganiseerd zijn"),
        ("Er werden twee brillen gevonden.", "werden twee brillen gevonden"),
    ],
)
def test_passive(text: str, words: str) -> None:
    assert passives(text) == [words], text


@pytest.mark.parametrize(
    "text",
    [
        "De school is gesloten.",
        "De school is maandag gesloten wegens de feestdag.",
        "De poort is open.",
        "Hij is getrouwd.",
        "Yusuf is geboren in Sint-Truiden.",
        "Uw kind is gezond en tevreden.",
        "De juf is bekend bij de ouders.",
        "Zwemmen is verplicht.",
        "Gsm's zijn verboden.",
        "Zij is bezorgd.",
        "De klas is vertrokken.",
        "Wij zijn gisteren aangekomen.",
        "Opa is gestorven.",
        "Het is gelukt.",
        "De les is begonnen.",
        "Het is koud geworden.",
        "Hij is ziek geweest.",
        "Wij hebben de brief geschreven.",
        "De juf heeft u uitgenodigd.",
        "Hebt u het formulier ingevuld?",
        "De kinderen hadden fruit meegebracht.",
        "Het wordt een leuke dag.",
        "Het wordt warm.",
        "Mijn zoon wordt zes jaar.",
        "Het wordt herfst.",
        "Wanneer wordt hij gezond?",
        "Yusuf wordt verliefd.",
        "Het werd een groot feest.",
        "Het wordt een gezonde soep.",
        "Zij wil juf worden.",
        "Het zal moeilijk worden om die te gebruiken.",
        "Het wordt best leuk.",
        "Dat wordt een goed gesprek.",
        "Ons ontbijt wordt gratis.",
        "Het wordt gebakken vis met rijst.",
        "Het wordt gerookt vlees.",
        "Het wordt koud en wij hebben soep gemaakt.",
        "Het wordt laat, maar wie gegeten heeft blijft.",
        "Een gegeven paard is gratis.",
        "Wij geven de gevonden jassen terug.",
        "De gesloten deur is van de refter.",
        "Verloren voorwerpen liggen in de gang.",
        "Er is geld nodig.",
        "Drie weken geleden was hij ziek.",
        "Gedurende de week is er opvang.",
        "De gebouwen zijn oud.",
        "Uw gezin is welkom.",
        "Het bericht is kort.",
        "Er is verstand nodig.",
        "De prijs is gemiddeld vijf euro.",
        "De trap is versleten.",
        "Het geluid is hard.",
        "Wij praten over de gegevens van uw kind.",
        "Er is een gesprek.",
        "Het is genoeg.",
        "De kinderen zijn vermoeid.",
        "Gert is de meester.",
        "Bert en Gerard worden acht jaar.",
        "De datum is gewenst.",
        "Het was iets anders dan verwacht.",
        "De school beslist of een tolk nodig is.",
        "Kijk na of het adres juist is en het nummer genoteerd.",
        "Het deksel wordt eruit zwaar.",
        "Dragen jullie gesloten schoenen? Het wordt nat.",
        "De klas is naar het bos gegaan.",
    ],
)
def test_no_passive(text: str) -> None:
    assert passives(text) == []


def test_advice_says_how_to_begin() -> None:
    [found] = findings("U wordt uitgenodigd.")
    assert "Wij" in found.advice
    assert found.instead == ()
