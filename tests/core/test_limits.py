"""Limits count the same in this process's memory and in Redis."""

from __future__ import annotations

import os
import uuid

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from samsyn.core import limits
from tests.lacking import leave_out

ADDRESS = os.environ.get("SAMSYN_TEST_REDIS", "redis://127.0.0.1:6379/9")


@pytest.fixture(params=["memory", "redis"])
def counted(request, monkeypatch):
    """The cache in which limits are counted; Redis only where one answers."""
    if request.param == "redis":
        cache = RedisCache(ADDRESS, {})
        try:
            cache.get("anything")
        except Exception as error:
            leave_out(f"no Redis at {ADDRESS}: {type(error).__name__}")
        monkeypatch.setattr(limits, "cache", cache)
    else:
        monkeypatch.setattr(limits, "cache", caches["default"])


def test_a_limit_is_reached_and_not_before(counted):
    who = uuid.uuid4().hex
    assert not limits.exceeded("test", who, most=3)
    assert [limits.count("test", who, seconds=60) for _ in range(3)] == [1, 2, 3]
    assert limits.exceeded("test", who, most=3)
    assert not limits.exceeded("test", "somebody else", most=3)
    assert not limits.exceeded("another scope", who, most=3)


def test_nothing_readable_is_kept(counted):
    assert "192.0.2.7" not in limits._name("code", "192.0.2.7")
