#!/usr/bin/env python
"""Django's own commands, for those who develop Samsyn. Operators use `samsyn`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
