"""How often one may be wrong. Right passwords and codes never count: a conference room shares one address.

Wrong ones count against the address they come from and against the account, whether it exists or not. Asked-for
codes count until they are used. Everything is kept in the cache for a while, under digests.
"""

from __future__ import annotations

import ipaddress

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from samsyn.core import limits

WINDOW = 15 * 60
WRONG_FROM_ADDRESS = 100  # a room of 2,500 people mistypes a good deal
WRONG_FOR_ACCOUNT = {"password": 10, "code": 30}  # a code has 20 ** 8 values and lives ten minutes

ASKING_WINDOW = 60 * 60
ASKED_FROM_ADDRESS = 3000  # codes asked for and not used
ASKED_FOR_ACCOUNT = 20
ASKED_FOR_ACCOUNT_FROM_ADDRESS = 6


def network_of(address: str) -> str:
    """The address as it is counted: an IPv6 client owns a whole /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((found, 64), strict=False).network_address)
    return address


def may_try(means: str, address: str, account: str) -> bool:
    """Whether another password or code (`means`) may be tried from this address for this account."""
    return not (
        limits.exceeded(f"wrong-{means}-address", network_of(address), most=WRONG_FROM_ADDRESS)
        or limits.exceeded(f"wrong-{means}-account", account.lower(), most=WRONG_FOR_ACCOUNT[means])
    )


def was_wrong(means: str, address: str, account: str) -> None:
    """Count a wrong password or code."""
    limits.count(f"wrong-{means}-address", network_of(address), seconds=WINDOW)
    limits.count(f"wrong-{means}-account", account.lower(), seconds=WINDOW)


def may_ask(address: str, account: str) -> bool:
    """Count one more code asked for; False, and nothing is counted, where there are too many unused ones."""
    names = _asked(address, account)
    if any(int(cache.get(name, 0)) >= most for name, most in names.items()):
        return False
    for name in names:
        cache.add(name, 0, timeout=ASKING_WINDOW)
        _change(name, 1)
    return True


def was_used(address: str, account: str) -> None:
    """A code that was asked for has been used: it no longer counts."""
    for name in _asked(address, account):
        if int(cache.get(name, 0)) > 0:
            _change(name, -1)


def _asked(address: str, account: str) -> dict[str, int]:
    network, account = network_of(address), account.lower()
    return {
        _name("address", network): ASKED_FROM_ADDRESS,
        _name("account", account): ASKED_FOR_ACCOUNT,
        _name("both", f"{network}|{account}"): ASKED_FOR_ACCOUNT_FROM_ADDRESS,
    }


def _name(what: str, who: str) -> str:
    return "asked:" + salted_hmac("samsyn.accounts.limits", f"{what}|{who}", algorithm="sha256").hexdigest()[:32]


def _change(name: str, by: int) -> None:
    try:
        cache.incr(name, by)
    except ValueError:  # the window ended in between
        cache.set(name, max(by, 0), timeout=ASKING_WINDOW)
