"""`samsyn operator`: the first account and the first organisation, written down like everything else."""

import pytest

from samsyn.accounts.models import User
from samsyn.audit.models import Entry
from samsyn.cli.main import main
from samsyn.organisations.models import Organisation, Person

pytestmark = pytest.mark.django_db


def add(slug="kommunen", address="Hr@Kommunen.example"):
    return main(["operator", "organisation", slug, "Kommunen", "--administrator", address])


def test_an_organisation_has_an_administrator_with_an_account_and_a_record(capsys):
    assert add() == 0
    organisation = Organisation.objects.get(slug="kommunen")
    person = Person.across.get(organisation=organisation)
    assert person.administrator
    assert person.user == User.objects.get(email="hr@kommunen.example")
    verbs = set(Entry.across.filter(organisation_id=organisation.pk).values_list("verb", flat=True))
    assert {"organisation.added", "person.added", "person.administers"} <= verbs
    assert "/o/kommunen/" in capsys.readouterr().out


def test_one_address_may_look_after_two(capsys):
    assert add() == 0
    assert add("regionen") == 0
    assert Person.across.filter(user=User.objects.get()).count() == 2


@pytest.mark.parametrize(("slug", "said"), [("Kommunen!", "small letters"), ("kommunen", "already")])
def test_a_name_that_will_not_do_is_refused_with_a_sentence(slug, said, capsys):
    add()
    assert add(slug) == 1
    assert said in capsys.readouterr().err
    assert Organisation.objects.count() == 1


def test_an_operator_is_made_once(capsys):
    assert main(["operator", "add", "Drift@Kommunen.example"]) == 0
    assert main(["operator", "add", "drift@kommunen.example"]) == 0
    assert User.objects.get().is_operator
    assert main(["operator", "add", "no address"]) == 1
