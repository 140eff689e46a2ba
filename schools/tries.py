"""How many wrong passwords are taken: few enough that nobody guesses, and counted so that nobody shuts another out.

A stranger is counted by account and address, by address, and together with all other strangers by account. From one
address nobody reaches what closes an account to strangers; and whoever came in on this device before is counted by
that device alone, whatever happens elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest

from schools.devices import device_for
from schools.limits import Limit

OF_DEVICE = Limit("passwords on a known device", 10, 300)
OF_STRANGER = Limit("passwords of an account from an address", 5, 300)
FROM_ADDRESS = Limit("passwords from an address", 20, 300)
#: Together; more than four times what one address may try in this time.
OF_ALL_STRANGERS = Limit("passwords of an account from everywhere", 20, 900)


@dataclass(frozen=True, slots=True)
class Try:
    """One password that was typed for an account, in a browser."""

    request: HttpRequest
    account: str

    def is_taken(self) -> bool:
        """Count it; False when it is one too many. What an earlier limit refuses is not counted by a later one."""
        return all(limit.spend(key) for limit, key in self._counts())

    def give_back(self) -> None:
        """It was right."""
        for limit, key in self._counts():
            limit.give_back(key)

    def _counts(self) -> list[tuple[Limit, str]]:
        account = self.account.strip().lower()
        if device := device_for(self.request, account):
            return [(OF_DEVICE, f"{account}:{device}")]
        address = get_ip(self.request)
        return [(FROM_ADDRESS, address), (OF_STRANGER, f"{account}:{address}"), (OF_ALL_STRANGERS, account)]
