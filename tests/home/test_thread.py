"""The thread in use: a question becomes a step's outcome, and everyone can follow it both ways."""

import datetime as dt

from samsyn.activities.questions import actions
from samsyn.core import clock
from samsyn.core.addresses import address
from samsyn.core.texts import LangText
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.handover import offers
from samsyn.thread.actions import make_promise, move_promise, settle_promise
from samsyn.thread.models import Item, Link, Promise
from samsyn.ui.templatetags.ui import day as in_words


def asked(world, text="Vem bestämmer?"):
    activity = world.activity(state="open")
    return actions.ask(activity, text=text, language="sv", post_key=draw_key(), author=None)


def test_a_question_becomes_an_outcome_and_the_link_arises_by_itself(world):
    question = asked(world)
    step = world.activity(kind="steps", state="open", title=LangText(sv="Möte"))
    (offer,) = offers(question.item)
    client = world.client("lead")
    page = client.get(address("home:item", item=question.item_id)).content.decode()
    assert offer.key in page
    made = client.post(address("home:hand_over", item=question.item_id), {"where": offer.key})
    assert made.status_code == 302
    outcome = Item.objects.get(kind="steps.outcome", activity_id=step.pk)
    assert Link.objects.filter(source=question.item, target=outcome).exists()
    staff = world.client("staff")
    assert "Möte" in staff.get(address("home:item", item=question.item_id)).content.decode()
    assert "Vem bestämmer?" in staff.get(address("home:item", item=outcome.pk)).content.decode()


def test_only_organisers_hand_over(world):
    question = asked(world)
    world.activity(kind="steps", state="open")
    (offer,) = offers(question.item)
    path = address("home:hand_over", item=question.item_id)
    assert world.client("staff").post(path, {"where": offer.key}).status_code == 403
    assert world.client("lead").post(path, {"where": "1-0"}).status_code == 302
    assert not Item.objects.filter(kind="steps.outcome").exists()


def test_a_neighbour_one_may_not_see_is_shown_as_such(world):
    question = asked(world)
    step = world.activity(kind="steps", state="open")
    offer = offers(question.item)[0]
    world.client("lead").post(address("home:hand_over", item=question.item_id), {"where": offer.key})
    Item.objects.filter(activity_id=step.pk).update(visibility="facilitators")
    page = world.client("staff").get(address("home:item", item=question.item_id)).content.decode()
    assert "Något som du inte får se" in page
    assert str(step.title) not in page


def test_many_neighbours_one_may_not_see_are_one_line(world):
    question = asked(world)
    step = world.activity(kind="steps", state="open")
    for _time in range(3):
        world.client("lead").post(
            address("home:hand_over", item=question.item_id), {"where": offers(question.item)[0].key}
        )
    Item.objects.filter(activity_id=step.pk).update(visibility="facilitators")
    page = world.client("staff").get(address("home:item", item=question.item_id)).content.decode()
    assert "3 saker som du inte får se" in page
    assert "Något som du inte får se" not in page


def test_where_one_may_not_see_how_it_began_the_page_says_what_it_is_and_who_may(world):
    question = asked(world)
    world.activity(kind="steps", state="open")
    offer = offers(question.item)[0]
    world.client("lead").post(address("home:hand_over", item=question.item_id), {"where": offer.key})
    outcome = address("home:item", item=Item.objects.get(kind="steps.outcome").pk)
    assert "Här kan du följa en sak" not in world.client("staff").get(outcome).content.decode()
    Item.objects.filter(pk=question.item_id).update(visibility="facilitators")
    page = world.client("staff").get(outcome).content.decode()
    assert "du inte får se" not in page
    assert "Här kan du följa en sak: vad den kom av och vad den ledde till." in page
    assert "Hur det började får bara de läsa som det var till för och de som leder programmet." in page
    assert "Vem bestämmer?" not in page.split('class="is-here"')[0]


def test_a_promise_that_was_moved_says_its_day_and_the_day_first_promised(world):
    question, lead, text = asked(world), world.person("lead"), LangText(sv="En lista")
    first, later = clock.today() + dt.timedelta(days=20), clock.today() + dt.timedelta(days=40)
    item = make_promise(question.item, title=text, text=text, owner=lead, due=first, visibility="programme", by=lead)
    path = address("home:item", item=item.pk)
    page = world.client("staff").get(path).content.decode()
    assert f"inte gjort än · senast {in_words(first)}\n" in page.replace("</p>", "\n")
    assert "först utlovat" not in page
    move_promise(Promise.objects.get(item=item), due=later, note=text, by=lead)
    page = world.client("staff").get(path).content.decode()
    assert f"senast {in_words(later)}, först utlovat till den {in_words(first)}" in page
    settle_promise(Promise.objects.get(item=item), state="kept", note=text, by=lead)
    assert "senast" not in world.client("staff").get(path).content.decode()
