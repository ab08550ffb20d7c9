"""What the web server runs: the live room in front; static files straight from disk, everything else through Django."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from servestatic import ServeStaticASGI

from samsyn.config.bodies import Limited

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.config.settings")

_pages = get_asgi_application()

from samsyn.live.app import LiveApp  # noqa: E402  (reads models: only after Django has been set up)

live = LiveApp(
    Limited(
        ServeStaticASGI(
            _pages,
            root=settings.STATIC_ROOT,
            prefix=settings.STATIC_URL,
            allow_all_origins=False,
            immutable_file_test=r"\.[0-9a-f]{12}\.[a-z0-9]+$",
        ),
        most=settings.REQUEST_MAX_BYTES,
    )
)
application = live
