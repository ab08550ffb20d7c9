"""The page that shows a receipt's words, once."""

from __future__ import annotations

import secrets

from samsyn.core.addresses import absolute, address


def test_a_printed_receipt_says_where_the_words_are_used(world):
    activity = world.activity("questions", state="open")
    sent = world.client("staff").post(
        address("questions:ask", activity=activity.pk), {"text": "Vad händer sedan?", "post_key": secrets.token_hex(16)}
    )
    body = sent.content.decode()
    assert "data-receipt" in body
    assert absolute(address("home:receipts")) in body
