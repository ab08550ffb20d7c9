"""How sign-in behaves: nobody makes an account for themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """Accounts come from the organisation's import, from an invitation or from an operator."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False
