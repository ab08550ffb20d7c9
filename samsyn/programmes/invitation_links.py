"""The secret in an invitation's link: drawn from a key file outside the database, which keeps only its digest."""

from __future__ import annotations

import base64
import hashlib
import hmac

from samsyn.core.addresses import absolute, address
from samsyn.core.keys import read_key
from samsyn.programmes.models import Invitation


def secret_for(invitation_id: int) -> str:
    """The secret of an invitation: 256 bits, as 43 signs that may stand in an address."""
    drawn = hmac.digest(read_key("invitations"), invitation_id.to_bytes(8, "big"), "sha256")
    return base64.urlsafe_b64encode(drawn).decode().rstrip("=")


def digest_of(secret: str) -> str:
    """What the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def link_of(invitation: Invitation) -> str:
    """The whole address; empty where the key file has changed, so that only a new link helps."""
    secret = secret_for(invitation.pk)
    if digest_of(secret) != invitation.digest:
        return ""
    return absolute(address("programmes:invitation", secret=secret))
