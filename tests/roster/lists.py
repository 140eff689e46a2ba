"""Files as a school's office exports them."""

from __future__ import annotations

HEAD = "Leerlingnummer;Voornaam;Naam;Geboortedatum;Klas;Voornaam LPV1;Naam LPV1;GSM LPV1;E-mail LPV1;Contacttaal LPV1"
ROWS = (
    "101;Lotte;Vandersmissen;03/04/2018;3B;Tom;Vandersmissen;0471 23 45 67;tom@thuis.example;nl",
    "102;Arjan;Singh;13/05/2018;3B;Kiran;Kaur;0472 34 56 78;kiran@thuis.example;pa",
    "103;Noor;El Amrani;01/02/2020;1A;Samira;El Amrani;;samira@thuis.example;",
)


def file_of(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *(rows or ROWS), ""]).encode()
