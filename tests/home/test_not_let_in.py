"""You said – we did, and the case study: what everyone may see, also when those who lead the programme look."""

from samsyn.activities.questions import actions
from samsyn.casestudy.queries import report_of
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes import actions as programmes
from samsyn.programmes import contributing
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.standing import Visitor


def published_with_one_let_in(world):
    """A question time in which one question was let in, one was hidden and one waited to the end."""
    lead = world.person("lead")
    activity = world.activity(state="open", settings={"let_in": True, "likes": True})
    asked = [
        actions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)
        for text in ("Får vi vara med?", "Tredje gången jag frågar", "Chefens namn är")
    ]
    contributing.let_in(asked[0], by=lead)
    contributing.hide(asked[2], reason=LangText(sv="Ett namn"), by=lead)
    programmes.close_activity(activity, by=lead)
    reply = programmes.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
    programmes.publish_activity(activity, reply, signed_by=world.person("owner"), by=lead)


def test_what_was_never_let_in_stands_there_for_nobody(world):
    published_with_one_let_in(world)
    for role in ("staff", "lead"):
        page = world.client(role).get(address("home:said", programme=world.programme.pk)).content.decode()
        assert "Får vi vara med?" in page, role
        assert "Tredje gången" not in page, role
        assert "Chefens namn" not in page, role
        assert "och " not in page.split("Får vi vara med?")[1].split("<h4>")[0], "nothing more is counted either"


def test_what_was_never_let_in_is_no_evidence(world):
    published_with_one_let_in(world)
    report = report_of(world.programme, Visitor(world.person("lead")))
    words = " ".join(str(piece.text) for piece in report.evidence)
    assert "Får vi vara med?" in words
    assert "Tredje gången" not in words
    assert "Chefens namn" not in words
    assert all(sentence.more == 0 for section in report.sections for sentence in section.sentences)
