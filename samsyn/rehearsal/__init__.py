"""Synthetic organisations and crowds: any playbook walked through before one real person is invited."""
