"""Shared fixtures for every test of the project."""

import gc

from hypothesis import settings

pytest_plugins = ["tests.fixtures"]

# The same examples every time: what fails here fails for everybody.
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")


def pytest_collection_finish() -> None:
    """What has been loaded stays until the end: the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()
