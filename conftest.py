"""Shared fixtures for every test of the project."""

from hypothesis import settings

pytest_plugins = ["tests.fixtures"]

# The same examples every time: what fails here fails for everybody.
settings.register_profile("fixed", derandomize=True)
settings.load_profile("fixed")
