"""Who may open what of a programme: every address × who × audience × state × organisation, from the addresses.

`make prove` tries everyone everywhere. Else everyone is tried at every address, though not in each of its states; who
is nobody there, and a host, in one of the four.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field

import pytest

from samsyn.activities.dialogue import actions as dialogue
from samsyn.activities.polls import actions as polls
from samsyn.activities.questions import actions as questions
from samsyn.activities.steps import actions as steps
from samsyn.core import tenancy
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangText
from samsyn.gatherings import actions as gatherings
from samsyn.gatherings.actions_agenda import add_block, set_activity
from samsyn.gatherings.models import Session
from samsyn.gatherings.tests.making import make_session
from samsyn.programmes import actions
from samsyn.programmes.access import activity_path
from samsyn.programmes.actions_people import add_group, put_in_group
from samsyn.programmes.browsers import draw_key
from samsyn.programmes.kinds import all_kinds
from samsyn.programmes.models import Activity, Part
from tests.architecture.addresses import Address, all_addresses
from tests.architecture.visiting import EVERYONE, INSIDE, ROLES, RUN_IT, SIGN_IN, Browsers, answer, path_of
from tests.fixtures import World
from tests.sampling import chosen

pytestmark = pytest.mark.sampled
STATES = ("draft", "open", "closed", "published")
ONE_IN_FOUR = (True, False, False, False)
ADDRESSES = all_addresses()
IN_ACTIVITY = [address for address in ADDRESSES if address.access and address.access.scope == "activity"]
IN_PROGRAMME = [address for address in ADDRESSES if address.access and address.access.scope == "programme"]
REPLY = actions.OurReply(LangText(sv="Vi hörde"), LangText(sv="Vi gör"), LangText(), None)
SCOPES = {"public", "account", "organisation", "programme", "activity", "session", "item", "operator"}
OPENS = {200, 422}  # it is there; or it asks for what an empty post lacks
# What has opened, and has nothing to give just now.
NOTHING_YET = {"dialogue:export": 404}


@dataclass(frozen=True)
class Audience:
    """Whom an activity is for: who of the test's people takes part, and who is tried."""

    name: str
    takes_part: frozenset[str]
    tried: tuple[str, ...]
    parts: list[dict[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        return self.name


AUDIENCES = [
    Audience("everybody", frozenset(INSIDE - {"facilitator"}), EVERYONE),
    Audience(
        "managers", frozenset({"manager"}), ("manager", "staff", "member", "owner", "facilitator", "guest"),
        [{"level": "manager"}],
    ),
    Audience(
        "a group", frozenset({"staff", "guest"}), ("staff", "guest", "manager", "member", "other"), [{"group": "Lag"}]
    ),
]  # fmt: skip


def test_every_address_carries_a_rule():
    loose = [address.name for address in ADDRESSES if address.access is None]
    assert not loose, f"addresses without a rule: {loose}"
    strange = [address.name for address in ADDRESSES if address.access and address.access.scope not in SCOPES]
    assert not strange, f"addresses in a scope that no matrix tries: {strange}"


def kind_of_address(address: Address) -> str:
    """The kind whose page it is; pages of the storyboard are tried with questions."""
    space = address.name.split(":")[0]
    return space if space in all_kinds() else "questions"


def prepared(world: World, kind: str, audience: Audience, state: str, **values: object) -> tuple[Activity, dict]:
    """An activity of a kind for an audience, in a state, with something in it; and the ids that addresses need."""
    lead = world.person("lead")
    activity = world.activity(kind=kind, everybody=not audience.parts, **values)
    for part in audience.parts:
        kept = {name: value for name, value in part.items() if name != "group"}
        if "group" in part:
            kept["group"] = add_group(world.programme, name=LangText(sv=part["group"]), by=lead)
            put_in_group(kept["group"], [world.person(name) for name in sorted(audience.takes_part)], by=lead)
        Part.objects.create(organisation=world.organisation, activity=activity, **kept)
    known = {"organisation": world.organisation.slug, "programme": world.programme.pk, "activity": activity.pk}
    if state != "draft":
        actions.open_activity(activity, by=lead)
        known |= _something_in(world, activity)
    move_on(world, activity, state)
    return activity, known


def move_on(world: World, activity: Activity, state: str) -> None:
    """From open to a later state."""
    lead = world.person("lead")
    if state in {"closed", "published"}:
        actions.close_activity(activity, by=lead)
    if state == "published":
        actions.publish_activity(activity, REPLY, signed_by=world.person("owner"), by=lead)


def _something_in(world: World, activity: Activity) -> dict[str, int]:
    lead = world.person("lead")
    if activity.kind == "questions":
        row = questions.ask(activity, text="Vem?", language="sv", post_key=draw_key(), author=None)
        return {"question": row.pk}
    if activity.kind == "dialogue":
        dialogue.seed(activity, ["Vi vet."], language="sv", by=lead)
        return {"statement": activity.statements.get().pk}
    if activity.kind == "polls":
        text, asked = LangText(sv="Ett ord?"), {"form": "words", "at_once": True, "by": lead}
        question = polls.add_question(activity, text=text, **asked)
        row = polls.write(question, text="bra", language="sv", post_key=draw_key(), author=None)
        return {"poll": question.pk, "answer": row.pk}
    if activity.kind == "steps":
        return {"outcome": steps.write_outcome(activity, text=LangText(sv="Så blev det"), by=lead).pk}
    return {}


def expected(address: Address, who: str, audience: Audience, state: str) -> int | None:
    """What somebody must be answered; None where the address opens and says the rest itself."""
    rule, takes_part, runs = address.access, who in audience.takes_part, who in RUN_IT
    assert rule is not None
    if (who == "guest" and not takes_part) or (state == "draft" and not runs):
        return 404
    if not runs and not takes_part and state != "published":
        return 403
    if not (ROLES[who] | ({"participant"} if takes_part else set())) & rule.roles:
        return 403
    return 409 if rule.states and state not in rule.states else None


def judge(address: Address, got: int, wanted: int | None, known: Container[str]) -> bool:
    """Whether an answer is right. Where an id is made up, what has opened finds nothing."""
    if wanted is not None:
        return got == wanted
    if not all(part in known for part in address.parts):
        return got in {404, *OPENS}
    return got in OPENS or got == NOTHING_YET.get(address.name)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("audience", AUDIENCES, ids=str)
def test_an_activity_opens_to_those_its_rule_and_its_audience_name(world, elsewhere, audience, state):
    browsers, strangers, wrong = Browsers(world), Browsers(elsewhere), []
    made = {kind: prepared(world, kind, audience, state) for kind in all_kinds()}
    for place, address in enumerate(IN_ACTIVITY, STATES.index(state)):
        _activity, known = made[kind_of_address(address)]
        path = path_of(address, **known)
        for who in chosen(audience.tried, place, 2):
            got, wanted = answer(browsers[who], path), expected(address, who, audience, state)
            if not judge(address, got, wanted, known):
                wrong.append(f"{address.name} as {who}: {got} for {wanted or 'open'}")
        if not audience.parts and chosen(ONE_IN_FOUR, place, 1)[0]:
            if answer(browsers["nobody"], path) != SIGN_IN:
                wrong.append(f"{address.name}: nobody must be asked to sign in")
            swapped = path.replace(f"/o/{world.organisation.slug}/", f"/o/{elsewhere.organisation.slug}/")
            for name, tried in (("owner", path), ("lead", swapped)):
                if answer(strangers[name], tried) != 404:
                    wrong.append(f"{address.name}: open to another organisation")
            if answer(browsers["operator"], path) != 404:
                wrong.append(f"{address.name}: open to an operator who is nobody here")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", STATES[1:])
@pytest.mark.parametrize("audience", AUDIENCES[:2], ids=str)
def test_who_came_in_by_code_takes_part_and_nothing_else(world, audience, state):
    browser, wrong = world.client(), []
    for kind in all_kinds():
        level = "named" if kind == "steps" else "anonymous"
        activity, known = prepared(world, kind, audience, "open", entry="code", level=level)
        browser.get(f"/j/{activity.code}")
        move_on(world, activity, state)
        for address in IN_ACTIVITY:
            if kind_of_address(address) != kind:
                continue
            rule, got = address.access, answer(browser, path_of(address, **known))
            wanted = None if "participant" in rule.roles else 403
            if wanted is None and rule.states and state not in rule.states:
                wanted = 409
            if not judge(address, got, wanted, known):
                wrong.append(f"{address.name}: {got} for {wanted or 'open'}")
    known = {"organisation": world.organisation.slug, "programme": world.programme.pk}
    for address in IN_PROGRAMME:
        if answer(browser, path_of(address, **known)) != SIGN_IN:
            wrong.append(f"{address.name}: open by code")
    assert not wrong, "\n".join(wrong)


def test_a_host_is_named_where_a_facilitator_works_in_an_activity_and_nowhere_else():
    """Pages of a kind that open to facilitators open to hosts; of the storyboard's only those that everybody reads."""
    wrong = []
    for address in IN_ACTIVITY:
        roles = address.access.roles
        wanted = "facilitator" in roles if address.name.split(":")[0] in all_kinds() else "staff" in roles
        if ("host" in roles) != wanted:
            wrong.append(address.name)
    wrong += [address.name for address in IN_PROGRAMME if "host" in address.access.roles]
    assert not wrong, f"pages that open wrongly to hosts: {wrong}"


def hosted(world: World, activities: list[Activity], host: str) -> Session:
    """A planned session with these activities on its agenda, and somebody without a role who runs it."""
    session, lead = make_session(world, minutes=()), world.person("lead")
    gatherings.set_hosts(session, [world.person(host)], by=lead)
    for activity in activities:
        block = add_block(session, by=lead, title=activity.title, minutes=10)
        set_activity(block, activity, by=lead)
    return session


def expected_of_a_host(address: Address, takes_part: bool, state: str) -> int | None:
    """What the host of a session must be answered in an activity on its agenda; None where the address opens."""
    roles = {"host"} | ROLES["other"] | ({"participant"} if takes_part else set())
    if not roles & address.access.roles:
        return 403
    return 409 if address.access.states and state not in address.access.states else None


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("audience", AUDIENCES[:2], ids=str)
def test_a_host_works_in_the_activities_of_their_own_session_until_it_is_published(world, audience, state):
    browsers, wrong, who, takes_part = Browsers(world), [], "other", "other" in audience.takes_part
    own = {kind: prepared(world, kind, audience, state) for kind in all_kinds()}
    others = {kind: prepared(world, kind, audience, state) for kind in all_kinds()}
    session = hosted(world, [activity for activity, _known in own.values()], who)
    hosted(world, [activity for activity, _known in others.values()], "manager")  # another session's

    def compare(made: dict, wanted_of: Callable[[Address], int | None], where: str) -> None:
        for place, address in enumerate(IN_ACTIVITY, STATES.index(state)):
            if not chosen(ONE_IN_FOUR, place, 1)[0]:
                continue
            known = made[kind_of_address(address)][1]
            got, wanted = answer(browsers[who], path_of(address, **known)), wanted_of(address)
            if not judge(address, got, wanted, known):
                wrong.append(f"{address.name} in {where}: {got} for {wanted or 'open'}")

    compare(own, lambda address: expected_of_a_host(address, takes_part, state), "their own")
    compare(others, lambda address: expected(address, who, audience, state), "another's")
    Session.objects.filter(pk=session.pk).update(state=Session.State.PUBLISHED)
    compare(own, lambda address: expected(address, who, audience, state), "their own, when it is published")
    assert not wrong, "\n".join(wrong)


def test_a_host_is_nothing_more_to_the_programme(world):
    browsers, wrong = Browsers(world), []
    hosted(world, [world.activity(state="open")], "other")
    known = {"organisation": world.organisation.slug, "programme": world.programme.pk, "frame": world.frame.pk}
    for address in IN_PROGRAMME:
        got = answer(browsers["other"], path_of(address, **known))
        wanted = None if ROLES["other"] & address.access.roles else 403
        if not judge(address, got, wanted, known):
            wrong.append(f"{address.name}: {got} for {wanted or 'open'}")
    assert not wrong, "\n".join(wrong)


def test_a_programme_opens_to_the_roles_its_rule_names(world, elsewhere):
    browsers, strangers, wrong = Browsers(world), Browsers(elsewhere), []
    known = {
        "organisation": world.organisation.slug, "programme": world.programme.pk, "frame": world.frame.pk,
    }  # fmt: skip
    for address in IN_PROGRAMME:
        path = path_of(address, **known)
        for who in EVERYONE:
            got = answer(browsers[who], path)
            wanted = 404 if who == "guest" else None if ROLES[who] & address.access.roles else 403
            if not judge(address, got, wanted, known):
                wrong.append(f"{address.name} as {who}: {got} for {wanted or 'open'}")
        for who, tried, status in (
            ("nobody", browsers, SIGN_IN),
            ("operator", browsers, 404),
            ("owner", strangers, 404),
        ):
            if answer(tried[who], path) != status:
                wrong.append(f"{address.name} as {who}")
    assert not wrong, "\n".join(wrong)


def test_a_code_opens_only_its_own_activity(world):
    activity = world.activity(state="open", entry="code")
    other = world.activity(state="open", entry="code")
    client = world.client()
    client.get(f"/j/{activity.code}")
    with tenancy.scope(world.organisation.pk, world.organisation.slug):
        assert client.get(f"{activity_path(activity)}questions/").status_code == 200
        assert client.get(f"{activity_path(other)}questions/").status_code == 302
        assert client.get(f"{activity_path(activity)}questions/desk/").status_code == 403
    client.cookies["entry"] = client.cookies["entry"].value.replace(encode_id(activity.pk), encode_id(other.pk))
    assert client.get(f"{activity_path(other)}questions/").status_code == 302
