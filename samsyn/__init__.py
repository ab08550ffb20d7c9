"""Samsyn: a programme of change in which people are asked, and hear what came of it."""

__version__ = "0.1.0"
