"""What the web server runs: the live room in front; static files straight from disk, everything else through Django."""

import os

import django
from django.conf import settings
from servestatic import ServeStaticASGI

from samsyn.config.bodies import Limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")
django.setup(set_prefix=False)

from samsyn.config.pages import Pages  # noqa: E402  (these read models: only after Django has been set up)
from samsyn.live.app import LiveApp  # noqa: E402

live = LiveApp(
    Limited(
        ServeStaticASGI(
            Pages(settings.PAGES_AT_ONCE),
            root=settings.STATIC_ROOT,
            prefix=settings.STATIC_URL,
            allow_all_origins=False,
            immutable_file_test=r"\.[0-9a-f]{12}\.[a-z0-9]+$",
        ),
        most=settings.REQUEST_MAX_BYTES,
    )
)
application = live
