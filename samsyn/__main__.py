"""`python -m samsyn` is the `samsyn` command."""

import sys

from samsyn.cli.main import main

sys.exit(main())
