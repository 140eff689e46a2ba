"""How often something may be tried: codes, second facts, short codes of letters."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` tries in ``seconds``, per key. Keys are hashed: the cache learns no address."""

    name: str
    times: int
    seconds: int

    def spend(self, key: str) -> bool:
        """Count one try; False when it is one too many."""
        place = self._place(key)
        cache.add(place, 0, self.seconds)
        try:
            count = cache.incr(place)
        except ValueError:  # it ran out in between
            return True
        cache.touch(place, self.seconds)  # the file cache's incr forgets how long
        return count <= self.times

    def give_back(self, key: str) -> None:
        """Take one counted try back: it was a right one."""
        place = self._place(key)
        if cache.get(place, 0) > 0:
            cache.decr(place)
            cache.touch(place, self.seconds)

    def is_spent(self, key: str) -> bool:
        """Whether no try is left, without counting one."""
        return bool(cache.get(self._place(key), 0) >= self.times)

    def _place(self, key: str) -> str:
        window = int(time.time() // self.seconds)
        return hashlib.sha256(f"{self.name}:{window}:{key}".encode()).hexdigest()


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: behind our own proxy what that proxy saw last, else the connection itself."""
    seen: str = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and _is_our_proxy(seen):
        seen = request.headers.get("X-Forwarded-For", seen).rsplit(",", 1)[-1].strip()
    return _line(seen)


def _line(address: str) -> str:
    """A line by IPv6 has 2**64 addresses, and who tries codes may take another each time: they count as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))


def _is_our_proxy(address: str) -> bool:
    """One of settings.WEB_PROXIES, or whoever speaks through a socket of this machine, which has no address."""
    return not address or any(ip_address(address) in network for network in settings.WEB_PROXIES)
