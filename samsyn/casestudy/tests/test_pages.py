"""The pages: who may open them, writing and hiding sentences, paper, and how much a page costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from samsyn.activities.questions import actions as questions
from samsyn.activities.steps import actions as steps
from samsyn.audit.models import Entry
from samsyn.casestudy.actions import add_sentence, change_sentence
from samsyn.casestudy.models import HiddenSentence, Sentence, SentenceEvidence
from samsyn.casestudy.queries import evidence_ids
from samsyn.casestudy.report import A_PAGE, FIRST
from samsyn.core import tenancy
from samsyn.core.addresses import address
from samsyn.core.errors import NotAllowedError, RefusedError
from samsyn.core.texts import LangText
from samsyn.organisations import erasure
from samsyn.programmes.actions import add_programme
from samsyn.programmes.standing import Visitor
from samsyn.thread.models import Item
from tests.fixtures import DAY

pytestmark = pytest.mark.django_db


def url(world, name: str = "page", **parts: object) -> str:
    return address(f"casestudy:{name}", programme=world.programme.pk, **parts)


def outcome(world, words: str = "One page, signed.") -> Item:
    activity = world.activity("steps", state="open")
    return steps.write_outcome(activity, text=LangText(sv=words, en=words), by=world.person("lead")).item


def written(
    world, words: str = "Vi lärde oss lyssna.", heading: str = "learned", item_ids: tuple[int, ...] = ()
) -> Sentence:
    visitor = Visitor(world.person("lead"))
    return add_sentence(world.programme, heading="learned", text=LangText(sv=words), item_ids=item_ids, visitor=visitor)


def page(world, name: str = "lead", lang: str = "sv") -> str:
    client = world.client(name)
    client.cookies["language"] = lang
    return client.get(url(world)).content.decode()


# --- who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["owner", "lead", "facilitator", "member", "manager", "staff"])
def test_everyone_inside_reads_it(world, name):
    for view in ("page", "print"):
        assert world.client(name).get(url(world, view)).status_code == 200


def test_outsiders_learn_nothing(world, elsewhere):
    assert world.client("guest").get(url(world)).status_code == 404
    assert elsewhere.client("lead").get(url(world)).status_code == 404
    assert world.client().get(url(world)).status_code == 302


@pytest.mark.parametrize(("view", "method"), [("write", "get"), ("hide", "post"), ("show", "post")])
def test_only_organisers_change_it(world, view, method):
    for name in ("staff", "member", "manager"):
        assert getattr(world.client(name), method)(url(world, view)).status_code == 403
    sentence = written(world)
    for view_of_one in ("change", "delete", "place"):
        path = url(world, view_of_one, sentence=sentence.pk)
        assert world.client("staff").post(path).status_code == 403
    assert Sentence.objects.filter(pk=sentence.pk).exists()


def test_the_action_itself_refuses_those_who_do_not_organise(world):
    with pytest.raises(NotAllowedError):
        add_sentence(
            world.programme, heading="did", text=LangText(sv="x"), item_ids=[], visitor=Visitor(world.person("staff"))
        )


# --- reading ------------------------------------------------------------------------------------------------------


def test_an_empty_programme_says_what_will_stand_there(world):
    words = page(world)
    assert "Här finns inget att berätta än" in words
    assert "Inget underlag länkat" in words
    assert '<p class="quiet no-print">Här står vad varje steg ledde till' in words


def test_guidance_for_those_who_write_is_for_them_alone_and_stays_on_the_screen(world):
    outcome(world)
    client = world.client("lead")
    client.cookies["language"] = "sv"
    for words in (page(world, "staff"), client.get(url(world, "print")).content.decode()):
        assert "skrivs bäst för hand" not in words
        assert "Här står inget än." in words
    assert "Här står inget än." not in page(world)


def test_a_figure_of_one_is_told_in_the_singular(world):
    activity = world.activity(state="open")
    question = questions.ask(activity, text="Vem svarar?", language="sv", post_key=f"{1:032d}", author=None)
    lead = world.person("lead")
    given = questions.Answer("promised", LangText(sv="Vi gör det."), due=DAY + dt.timedelta(days=9), owner=lead)
    questions.answer(question, given, answered_by=lead, by=lead)
    assert "<strong>1</strong> fråga · <strong>1</strong> har ett svar, ett löfte eller ett skäl · " in page(world)
    assert "<strong>1</strong> löfte<" in page(world)
    assert "<strong>1</strong> question · <strong>1</strong> has an answer, a promise or a reason · " in page(
        world, lang="en"
    )


def test_each_sentence_leads_to_its_evidence_and_the_evidence_to_the_thread(world):
    item = outcome(world)
    words = page(world, "staff", "en")
    assert 'href="#e1"' in words
    assert 'id="e1"' in words
    assert address("home:item", item=item.pk) in words
    assert "No evidence linked" in words


def test_a_named_voice_is_quoted_without_a_name(world):
    activity = world.activity(level="named", state="open")
    questions.ask(activity, text="Vem svarar?", language="sv", post_key="a" * 32, author=world.person("other"))
    words = page(world, "manager")
    assert "Vem svarar?" in words
    assert world.person("other").name not in words


def test_on_paper_the_evidence_stands_as_numbered_notes_and_nothing_can_be_pressed(world):
    item = outcome(world)
    world.organisation.synthetic = True
    world.organisation.save()
    client = world.client("lead")
    client.cookies["language"] = "en"
    words = client.get(url(world, "print")).content.decode()
    assert "[1]" in words
    assert 'id="e1"' in words
    assert address("home:item", item=item.pk) in words
    assert "formaction" not in words
    assert "Rehearsal: everything here is made up" in words


def test_the_number_of_queries_does_not_grow_with_the_items(world):
    activity = world.activity(state="open")
    step = world.activity("steps", state="open")

    def grow(numbers: range) -> None:
        for number in numbers:
            item = questions.ask(
                activity, text=f"Fråga {number}", language="sv", post_key=f"{number:032d}", author=None
            ).item
            made = steps.write_outcome(step, text=LangText(sv=f"Utfall {number}"), by=world.person("lead"))
            written(world, f"Mening {number}", item_ids=(item.pk, made.item_id))

    def count() -> int:
        client = world.client("staff")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url(world)).status_code == 200
        return len(queries)

    grow(range(2))
    few = count()
    grow(range(2, 30))
    world.activity("steps", state="open")
    assert count() == few
    assert few <= 24


def test_a_heading_shows_its_first_sentences_and_leads_to_the_others_page_by_page(world):
    for number in range(FIRST + A_PAGE):
        written(world, f"Mening {number:02d}.")
    first = page(world)
    assert f"Mening {FIRST - 1:02d}." in first
    assert f"Mening {FIRST:02d}." not in first
    assert f"Visa alla {FIRST + A_PAGE} meningar" in first
    client = world.client("staff")
    for number, shown in (("1", "Mening 00."), ("2", f"Mening {A_PAGE:02d}."), ("99", f"Mening {A_PAGE:02d}.")):
        words = client.get(url(world), {"heading": "learned", "page": number}).content.decode()
        assert shown in words
        assert words.count("Mening ") == (A_PAGE if number == "1" else FIRST)
        assert 'id="challenge"' not in words
    on_paper = client.get(url(world, "print")).content.decode()
    assert on_paper.count("Mening ") == FIRST + A_PAGE


@pytest.mark.parametrize("asked", [{"heading": "nothing"}, {"page": "2"}, {"heading": "did", "page": "x"}])
def test_a_page_that_is_not_there_is_the_nearest_one(world, asked):
    outcome(world)
    response = world.client("staff").get(url(world), asked)
    assert response.status_code == 200
    assert "One page, signed." in response.content.decode()


# --- writing ------------------------------------------------------------------------------------------------------


def _post(item_ids: list[int], **values: object) -> dict[str, object]:
    return {"heading": "learned", "text_sv": "Vi börjar med att lyssna.", "evidence": item_ids, **values}


def test_a_sentence_is_written_with_its_evidence(world):
    item = outcome(world)
    response = world.client("owner").post(url(world, "write"), _post([item.pk]))
    assert response.status_code == 302
    assert response["Location"] == url(world) + "#learned"
    sentence = Sentence.objects.get()
    assert (sentence.heading, str(sentence.text), sentence.written_by) == (
        "learned",
        "Vi börjar med att lyssna.",
        world.person("owner"),
    )
    assert evidence_ids(sentence) == [item.pk]
    assert Entry.objects.filter(verb="sentence.added", object_id=sentence.pk).count() == 1


def test_without_evidence_it_is_flagged(world):
    world.client("lead").post(url(world, "write"), _post([]))
    assert "skriven för hand · Lead" in page(world)
    assert page(world).count("Inget underlag länkat") == 3  # from, to and this one


def test_searching_for_evidence_keeps_what_was_typed_and_ticked(world):
    ticked = outcome(world, "Första utfallet")
    activity = world.activity(state="open")
    wanted = questions.ask(activity, text="Hur gör natten? ”Vi'll”", language="sv", post_key="1" * 32, author=None).item
    questions.ask(activity, text="Något annat", language="sv", post_key="2" * 32, author=None)
    response = world.client("lead").post(url(world, "write"), _post([ticked.pk], find="natten", search="1"))
    words = response.content.decode()
    assert response.status_code == 200
    assert "Vi börjar med att lyssna." in words
    assert f'value="{ticked.pk}"' in words
    assert f'value="{wanted.pk}"' in words
    assert "”Hur gör natten? ’Vi&#x27;ll’”" in words
    assert "Något annat" not in words
    assert "error-summary" not in words
    assert not Sentence.objects.exists()


def test_what_is_missing_is_told_at_its_field_and_nothing_is_lost(world):
    item = outcome(world)
    response = world.client("lead").post(url(world, "write"), _post([item.pk], text_sv=""))
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert f'value="{item.pk}"' in response.content.decode()


def test_evidence_from_elsewhere_is_refused(world, elsewhere):
    with tenancy.scope(elsewhere.organisation.pk, elsewhere.organisation.slug):
        foreign = outcome(elsewhere)
    response = world.client("lead").post(url(world, "write"), _post([foreign.pk]))
    assert response.status_code == 422
    with pytest.raises(RefusedError):
        written(world, item_ids=(foreign.pk,))
    assert not SentenceEvidence.across.exists()


def test_a_change_keeps_the_evidence_that_the_editor_may_not_see(world):
    open_item, closed_item = outcome(world), outcome(world, "Stannar i rummet")
    Item.objects.filter(pk=closed_item.pk).update(visibility="facilitators")
    sentence = written(world, item_ids=(open_item.pk, closed_item.pk))
    change_sentence(
        sentence, heading="did", text=LangText(sv="Nya ord"), item_ids=[], visitor=Visitor(world.person("owner"))
    )
    sentence.refresh_from_db()
    assert (sentence.heading, str(sentence.text)) == ("did", "Nya ord")
    assert evidence_ids(sentence) == [closed_item.pk]
    assert "underlag som du inte får se" in page(world, "owner")


def test_the_form_of_a_change_holds_what_stands(world):
    item = outcome(world)
    sentence = written(world, item_ids=(item.pk,))
    words = world.client("lead").get(url(world, "change", sentence=sentence.pk)).content.decode()
    assert "Vi lärde oss lyssna." in words
    assert f'value="{item.pk}" id="id_evidence_0" checked' in words


def test_sentences_are_moved_among_those_written_by_hand(world):
    first, second = written(world, "Den ena meningen"), written(world, "Den andra meningen")
    client = world.client("lead")
    client.post(url(world, "place", sentence=second.pk), {"go": "earlier"})
    assert page(world).index("Den andra meningen") < page(world).index("Den ena meningen")
    client.post(url(world, "place", sentence=first.pk), {"go": "later"})
    assert page(world).index("Den andra meningen") < page(world).index("Den ena meningen")


def test_a_sentence_is_deleted_once_asked(world):
    sentence = written(world)
    client = world.client("lead")
    assert client.get(url(world, "delete", sentence=sentence.pk)).status_code == 200
    assert Sentence.objects.exists()
    client.post(url(world, "delete", sentence=sentence.pk))
    assert not Sentence.objects.exists()
    assert Entry.objects.filter(verb="sentence.deleted").exists()


def test_a_sentence_of_another_programme_is_not_found(world):

    sentence = written(world)
    other = add_programme(
        by=world.person("lead"), owner=world.person("owner"), title=LangText(sv="Ett annat"), starts=DAY
    )
    path = address("casestudy:change", programme=other.pk, sentence=sentence.pk)
    assert world.client("lead").get(path).status_code == 404


# --- hiding -------------------------------------------------------------------------------------------------------


def test_an_assembled_sentence_is_hidden_and_shown_again(world):
    outcome(world, "Ett utkast i tre meningar.")
    client = world.client("lead")
    key = next(line.split('value="')[1].split('"')[0] for line in page(world).splitlines() if 'value="item:' in line)
    response = client.post(url(world, "hide") + "?heading=did", {"key": key})
    assert response["Location"] == url(world) + "#did"
    assert "Ett utkast i tre meningar." not in page(world, "staff")
    assert "De som leder programmet har utelämnat 1 mening." in page(world, "staff")
    assert "1 dold mening" in page(world)
    client.post(url(world, "hide"), {"key": key})
    assert HiddenSentence.objects.count() == 1
    client.post(url(world, "show"), {"key": key})
    assert "Ett utkast i tre meningar." in page(world, "staff")
    assert set(Entry.objects.filter(verb__startswith="sentence.").values_list("verb", flat=True)) == {
        "sentence.hidden",
        "sentence.shown",
    }


@pytest.mark.parametrize("key", ["", "x" * 81, "written:abc", "<b>", "a b"])
def test_only_keys_of_assembled_sentences_are_kept(world, key):
    world.client("lead").post(url(world, "hide"), {"key": key})
    assert not HiddenSentence.objects.exists()


# --- people -------------------------------------------------------------------------------------------------------


def test_whoever_is_erased_is_no_longer_named(world):
    written(world)
    for part in erasure.parts():
        part(world.person("lead"))
    assert Sentence.objects.get().written_by is None


def test_the_database_refuses_a_sentence_of_another_organisation(world, elsewhere):
    foreign = elsewhere.programme

    def write_and_check() -> None:
        with transaction.atomic():
            Sentence.objects.create(organisation=world.organisation, programme=foreign, heading="did", position=0)
            connection.check_constraints()

    with pytest.raises(IntegrityError):
        write_and_check()
    assert not Sentence.across.exists()
