"""Where a Dutch sentence ends, and where it goes on."""

from __future__ import annotations

import pytest

from messaging.plain_dutch import Kind, findings, report
from messaging.plain_dutch.score import FEWEST_WORDS, flesch_douma, syllables
from messaging.plain_dutch.words import sentences_of


def cut(text: str) -> list[str]:
    return [text[row.start : row.end] for row in sentences_of(text)]


@pytest.mark.parametrize(
    "one",
    [
        "We nemen o.a. water en fruit mee.",
        "De juf is ziek, d.w.z. er is geen les.",
        "Kom a.u.b. op tijd.",
        "Breng iets te eten mee, bv. een boterham.",
        "Breng iets te eten mee, bijv. Een boterham is goed.",
        "Meer weten over de uitstap i.v.m. de prijs kan bij dhr. Peeters of mevr. De Smet.",
        "We praten n.a.v. het rapport m.b.t. lezen en rekenen.",
        "De poort gaat open om 8.30 uur en niet vroeger.",
        "De poort gaat open om 8u30 en om 15u.",
        "De uitstap is op 12.02.2027 en niet op 13/02/2027.",
        "Het is op 3. mei van dit jaar.",
        "Het kost € 1.250,50 voor de hele klas.",
        "Vraag het aan J. Peeters of aan A.B. Maes.",
        "Schrijf naar info@school.example of kijk op www.school.example/kalender.html voor meer.",
        "„Kom je mee?” vraagt de juf.",
        "'Wat een feest!' zegt Yusuf.",
        "Het is nog niet klaar… maar het komt.",
        "Lees blz. 12 en nr. 4 van het boek.",
        "Bel tel. 011 00 11 22 voor 9 uur.",
        "Van ma. 12 t.e.m. vr. 16 mei is er geen school.",
        "Breng een tas mee (met naam!) en een jas.",
    ],
)
def test_a_sentence_does_not_end_there(one: str) -> None:
    assert len(cut(one)) == 1, cut(one)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Kom om 8.30 uur. Breng water mee.", ["Kom om 8.30 uur.", "Breng water mee."]),
        ("Kom om 8. Breng water mee.", ["Kom om 8.", "Breng water mee."]),
        ("Kom om 15u. Breng water mee.", ["Kom om 15u.", "Breng water mee."]),
        ("Breng water, fruit enz. Tot dan!", ["Breng water, fruit enz.", "Tot dan!"]),
        ("Bel ons a.u.b. Dan helpen we u.", ["Bel ons a.u.b.", "Dan helpen we u."]),
        ("Het kost € 5 p.p. U betaalt later.", ["Het kost € 5 p.p.", "U betaalt later."]),
        ("kom op tijd. breng water mee.", ["kom op tijd.", "breng water mee."]),
        ("Komt u? Laat het weten!", ["Komt u?", "Laat het weten!"]),
        ("De juf vraagt: „Kom je mee?” Zeg ja.", ["De juf vraagt: „Kom je mee?”", "Zeg ja."]),
        ("Beste ouder,\n\nWij gaan zwemmen", ["Beste ouder,", "Wij gaan zwemmen"]),
        ("Breng mee:\n- een handdoek\n- een badmuts", ["Breng mee:", "een handdoek", "een badmuts"]),
        ("1. Begrijpt u ons?\n2. Bent u welkom?", ["Begrijpt u ons?", "Bent u welkom?"]),
        ("a) een jas\nb) een tas", ["een jas", "een tas"]),
        ("Wij gaan met de bus\nnaar het bos. Tot dan!", ["Wij gaan met de bus\nnaar het bos.", "Tot dan!"]),
        ("Nog even... Dan is het feest.", ["Nog even...", "Dan is het feest."]),
        ("Waar: lokaal 12\nWanneer: om 9 uur", ["Waar: lokaal 12", "Wanneer: om 9 uur"]),
        ("Eerst dit.\r\nDan dat.", ["Eerst dit.", "Dan dat."]),
        ("", []),
        (" \n — \n 😀 !", []),
    ],
)
def test_where_sentences_end(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


def test_words_are_counted_as_one_reads_them() -> None:
    looked = report("Kom op 12/02/2027 om 8u30 naar {school}. Mail info@school.example voor de foto's, a.u.b.")
    assert (looked.words, looked.sentences) == (13, 2)


def test_a_long_sentence_is_found_with_its_place() -> None:
    short = "Dit is een korte zin."
    long = "Wij vragen aan alle ouders om morgen heel vroeg met de kinderen en de tassen naar hier te komen."
    [found] = findings(f"{short} {long}")
    assert (found.kind, found.words, found.start, found.count) == (Kind.SENTENCE, long, len(short) + 1, 19)
    assert "19" in found.advice


def test_fifteen_words_are_fine() -> None:
    assert not findings("een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien.")


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("kind", 1), ("ouder", 2), ("school", 1), ("uitnodiging", 4), ("bibliotheek", 4), ("coördinator", 5)),
        *(("nieuws", 1), ("mooie", 2), ("vrijdag", 2), ("tv", 1), ("eeuw", 1), ("quiz", 1), ("gym", 1), ("papa's", 2)),
        *(("reëel", 2), ("beëindigen", 4), ("ideeën", 3)),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_score_is_that_of_the_formula_and_only_for_a_text_of_some_length() -> None:
    """20 words of one syllable in 2 sentences: 206.84 − 77 − 9.3, which is above the scale; long words lower it."""
    easy = "De kat zit op de mat in de zon. De kat is dik en zit op de mat."
    assert len(easy.split()) < FEWEST_WORDS
    assert flesch_douma(sentences_of(easy)) is None
    assert flesch_douma(sentences_of(f"{easy} Dat is fijn.")) == 100
    hard = "verantwoordelijkheden " * 20
    assert flesch_douma(sentences_of(hard)) == 0
    middle = "Wij geven de brieven morgen aan alle kinderen mee en wij vragen aan de ouders om die goed te lezen."
    words = [token for row in sentences_of(middle) for token in row.tokens]
    expected = 206.84 - 77 * sum(syllables(token.plain) for token in words) / len(words) - 0.93 * len(words)
    assert flesch_douma(sentences_of(middle)) == round(expected)
