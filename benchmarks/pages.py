"""What a page costs in CPU, beside a plain Django page of 50 rows in the same run: python benchmarks/pages.py

The peer is a page with the same middleware and a signed-in user that shows 50 people from the database in a bare
template. Pages and peer are fetched in turn; the figure is thread CPU time, median of the rounds, and the ratio is
what can be carried from one machine to another.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROUNDS = 21
PEER = "/peer/"
TEMPLATE = (
    "{% load i18n %}<!doctype html><title>{% translate 'People' %}</title><table>{% for p in people %}"
    "<tr><td>{{ p.name }}</td><td>{{ p.email }}</td><td>{{ p.joined|date:'j F Y' }}</td>"
    "<td>{% translate 'People' %}</td><td>{{ p.level }}</td></tr>{% endfor %}</table>"
)


def set_up(folder: Path) -> None:
    """A demo in a folder of its own, and the peer's address beside the product's."""
    os.environ["SAMSYN_DATA_DIR"] = str(folder)
    os.environ["SAMSYN_HOSTS"] = "testserver"
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from samsyn.rehearsal.actions import make_demo

    call_command("migrate", verbosity=0)
    make_demo()
    _add_peer()


def _add_peer() -> None:
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.urls import path

    from samsyn.config import urls
    from samsyn.organisations.models import Person

    template = engines["django"].from_string(TEMPLATE)

    def peer(request: HttpRequest) -> HttpResponse:
        assert request.user.is_authenticated
        return HttpResponse(template.render({"people": list(Person.across.all()[:50])}, request))

    urls.urlpatterns.append(path(PEER.lstrip("/"), peer))


def addresses() -> dict[str, str]:
    """The pages that people meet most, by name."""
    from samsyn.core import tenancy
    from samsyn.core.addresses import address
    from samsyn.organisations.models import Organisation
    from samsyn.programmes.models import Activity, Programme

    organisation = Organisation.objects.get()
    with tenancy.scope(organisation.pk, organisation.slug):
        programme = Programme.objects.get().pk
        activity = Activity.objects.get(key="questions-about-drafts").pk
        return {
            "today": address("home:today"),
            "programme": address("home:programme", programme=programme),
            "storyboard": address("programmes:storyboard", programme=programme),
            "you said, we did": address("home:said", programme=programme),
            "question time": address("questions:page", activity=activity),
            "desk": address("questions:desk", activity=activity),
            "case study": address("casestudy:page", programme=programme),
        }


def cost(fetch: Callable[[str], object], path: str) -> float:
    """CPU seconds of one fetch."""
    started = time.thread_time()
    fetch(path)
    return time.thread_time() - started


def main() -> int:
    """Print a row per page: milliseconds, and the ratio to the peer."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder))
        from django.test import Client

        from samsyn.accounts.models import User

        client = Client()
        client.force_login(
            User.objects.get(email__startswith="jonas."), backend="django.contrib.auth.backends.ModelBackend"
        )
        pages = addresses()
        for path in (*pages.values(), PEER):
            client.get(path)
        rounds = [
            ({name: cost(client.get, path) for name, path in pages.items()}, cost(client.get, PEER))
            for _ in range(ROUNDS)
        ]
        peer = median(base for _costs, base in rounds)
        print(f"{'peer: 50 bare rows':<22}{peer * 1000:7.1f} ms")
        for name in pages:
            ratio = median(costs[name] / base for costs, base in rounds)
            print(f"{name:<22}{median(costs[name] for costs, _base in rounds) * 1000:7.1f} ms   {ratio:5.2f} × peer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
