"""The base pages: with nothing in the context, with everything, and when something goes wrong."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory, override_settings
from django.urls import path
from django.utils import translation
from django.views.i18n import set_language

from samsyn.ui import context
from samsyn.ui.forms import Form

urlpatterns = [path("language", set_language, name="set_language")]
LAYOUTS = ["base", "focus", "paper", "wall"]
FAULTS = ["400", "403", "404", "500", "403_csrf"]


@pytest.fixture(autouse=True)
def _plain_static_names(settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def part(_request: HttpRequest) -> dict:
    link = SimpleNamespace(label="Programmes", url="/p", current=True)
    return {
        "links": [link],
        "foot": [SimpleNamespace(label="Accessibility", url="/a", current=False)],
        "organisation_name": "Region <Nord>",
        "synthetic": True,
        "synthetic_day": dt.date(2020, 3, 12),
        "person_name": "Karin",
        "sign_out_url": "/out",
    }


def show(name: str, lang: str = "en", **values) -> str:
    with translation.override(lang), override_settings(UI_SITE_PARTS=[f"{__name__}.part"], ROOT_URLCONF=__name__):
        return draw(name, values | {"site": context.build(RequestFactory().get("/here?a=1"))})


def draw(name: str, values: dict) -> str:
    return get_template(name).template.render(Context(values))


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("name", [f"ui/{layout}.html" for layout in LAYOUTS] + [f"{fault}.html" for fault in FAULTS])
def test_a_page_without_any_context_still_stands(name, lang):
    with translation.override(lang):
        shown = draw(name, {})
    assert f'<html lang="{lang}"' in shown
    assert 'id="main"' in shown
    assert "Error:" not in shown


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_says_what_happened_and_leads_back(fault):
    with translation.override("sv"):
        shown = draw(f"{fault}.html", {})
    assert shown.count("<h1>") == 1
    assert "Till startsidan" in shown
    assert "!" not in shown.replace("<!doctype", "")


def test_everything_that_the_site_says_is_shown():
    shown = show("ui/base.html")
    assert '<a href="/p" aria-current="page">Programmes</a>' in shown
    assert "Region &lt;Nord&gt;" in shown
    assert "Rehearsal: everything here is made up" in shown
    assert "Here it is 12 March 2020" in shown
    assert 'action="/out"' in shown
    assert '<button class="language" name="language" value="sv" lang="sv">Svenska</button>' in shown
    assert 'value="en"' not in shown
    assert 'name="next" value="/here?a=1"' in shown


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_place_where_nothing_is_real_says_so_on_every_page(layout):
    assert "Provkörning: allt här är påhittat" in show(f"ui/{layout}.html", "sv")


def test_the_title_tells_of_errors():
    class Example(Form):
        title = forms.CharField()

    wrong, fresh = Example({}), Example()
    wrong.is_valid()
    assert "<title>Fel: " in show("ui/base.html", "sv", form=wrong)
    assert "<title>Error: " in show("ui/base.html", form=wrong)
    assert "<title>Error: " not in show("ui/base.html", form=fresh)


def test_messages_stand_in_the_status_line():
    shown = show("ui/base.html", messages=[SimpleNamespace(level_tag="warning")])
    assert 'role="status"' in shown
    assert 'class="notice warm"' in shown


def test_the_context_processor_fetches_nothing_by_itself():
    with override_settings(UI_SITE_PARTS=["no.such.part"]):
        site = context.site(RequestFactory().get("/"))["site"]
        with pytest.raises(ModuleNotFoundError):
            site["languages"]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("figure", {"about": "trust", "basis": "n = 212"}, "–"),
        ("figure", {"value": 23, "about": "points", "certainty": "more than chance"}, "more than chance"),
        ("voice", {"words": "Hello", "lang": "en"}, '<blockquote class="voice quoted" lang="en">Hello'),
        ("empty", {"words": "Here promises will stand.", "url": "/x", "label": "Begin"}, 'href="/x"'),
        ("notice", {"words": "Mind this", "kind": "bad"}, 'class="notice bad"'),
        ("stepper", {"steps": ["A", "B"], "current": 2}, '<li aria-current="step">'),
        ("progress", {"value": 1234, "max": 2000, "label": "Answered"}, '<progress value="1234" max="2000"'),
        ("copy", {"value": "https://x"}, 'data-copy="https://x" hidden'),
        ("breadcrumbs", {"crumbs": [SimpleNamespace(label="Up", url="/up")]}, '<a href="/up">Up</a>'),
    ],
)
def test_the_includes(name, values, words):
    with translation.override("sv"):
        assert words in draw(f"ui/{name}.html", values)


def test_the_pager_keeps_the_rest_of_the_query():
    request = RequestFactory().get("/list?q=lean&page=2")
    shown = get_template("ui/pager.html").render({"page": Paginator(range(30), 10).page(2)}, request)
    assert "?q=lean&amp;page=3" in shown
    assert "?q=lean&amp;page=1" in shown


def test_only_who_is_not_signed_in_is_told_to_sign_in():
    with translation.override("en"):
        assert "You may need to sign in first" in draw("403.html", {})
        assert "You may need to sign in first" in draw("403.html", {"site": {"person_name": ""}})
    assert "sign in first" not in show("403.html")
