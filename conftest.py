"""Shared fixtures for every test of the project."""

pytest_plugins = ["tests.fixtures"]
