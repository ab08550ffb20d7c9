"""Programme, chapters and activities (the storyboard), who has which role, and who is in which audience."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from samsyn.core.clock import today
from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.ids import RandomIdField, encode_id
from samsyn.core.texts import LangTextField
from samsyn.organisations.models import OrganisationRow, Person


class Programme(OrganisationRow):
    """A change that an organisation goes through: from something, to something, with a plan that is the storyboard."""

    title = LangTextField()
    playbook = models.CharField(max_length=60, blank=True)
    from_state = LangTextField()
    to_state = LangTextField()
    ambition = LangTextField()
    decided = LangTextField()
    open_matters = LangTextField()
    not_discussed = LangTextField()
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    contact = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    everybody = models.BooleanField(default=True)  # the whole organisation; else the parts of its audience

    class Meta:
        constraints = [unique_in_tenant("programmes_programme"), *same_tenant("programmes_programme", "contact")]

    def __str__(self) -> str:
        return str(self.title)


class Partner(OrganisationRow):
    """An organisation that helps, until a day."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(max_length=120)
    until = models.DateField()

    class Meta:
        constraints = [unique_in_tenant("programmes_partner"), *same_tenant("programmes_partner", "programme")]

    def __str__(self) -> str:
        return self.name


class Role(OrganisationRow):
    """A person's part in a programme. Staff, manager and participant need no row: they follow from the organisation."""

    class Name(models.TextChoices):
        OWNER = "owner", _("owner")
        LEAD = "lead", _("programme lead")
        FACILITATOR = "facilitator", _("facilitator")
        MEMBER = "member", _("working-group member")
        GUEST = "guest", _("guest")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=12, choices=Name.choices)
    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, null=True, blank=True, related_name="roles")
    until = models.DateField(null=True, blank=True)  # the last day on which it holds

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "person", "name"], name="programmes_role_once"),
            models.CheckConstraint(
                condition=~models.Q(name="guest") | models.Q(until__isnull=False), name="programmes_guests_have_an_end"
            ),
            *same_tenant("programmes_role", "programme", "person", "partner"),
        ]

    def __str__(self) -> str:
        return self.name


class Group(OrganisationRow):
    """Named people who do something together: a working group, drawn volunteers."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="groups")
    name = LangTextField()

    class Meta:
        constraints = [unique_in_tenant("programmes_group"), *same_tenant("programmes_group", "programme")]

    def __str__(self) -> str:
        return str(self.name)


class GroupMember(OrganisationRow):
    """A person in a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="groups")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="programmes_groupmember_once"),
            *same_tenant("programmes_groupmember", "group", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class Frame(OrganisationRow):
    """A chapter of the storyboard."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="frames")
    position = models.PositiveIntegerField()
    name = LangTextField()
    purpose = LangTextField()
    starts = models.DateField()
    ends = models.DateField()

    class Meta:
        constraints = [
            unique_in_tenant("programmes_frame"),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="programmes_frame_days"),
            *same_tenant("programmes_frame", "programme"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Activity(OrganisationRow):
    """Something people do together, of a kind. What it holds belongs to the kind's own tables."""

    class Level(models.TextChoices):
        NAMED = "named", _("with names")
        FACILITATORS = "facilitators", _("known to the facilitators")
        CODED = "coded", _("coded")
        ANONYMOUS = "anonymous", _("anonymous")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        PUBLISHED = "published", _("published")

    class Entry(models.TextChoices):
        AUDIENCE = "audience", _("only those invited, signed in")
        CODE = "code", _("everyone who has the code, without an account")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="activities")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="activities")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=60, blank=True)  # the playbook's own name for the step
    kind = models.CharField(max_length=30)  # a kind's slug; never a field's choices
    planned_kind = models.CharField(max_length=30, blank=True)  # the kind that will do this step, while done by hand
    title = LangTextField()
    purpose = LangTextField()
    instructions = LangTextField()  # what people do
    material = LangTextField()
    settings = models.JSONField(default=dict, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices, default=Level.NAMED)
    entry = models.CharField(max_length=10, choices=Entry.choices, default=Entry.AUDIENCE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    everybody = models.BooleanField(default=True)  # the programme's whole audience; else the parts of its own
    starts = models.DateField()
    ends = models.DateField()
    reply_by = models.DateField()
    first_reply_by = models.DateField(null=True, blank=True)  # set when the date is moved: shown beside the new one
    opened = models.DateField(null=True, blank=True)
    closed = models.DateField(null=True, blank=True)
    published = models.DateField(null=True, blank=True)
    contributed = models.BooleanField(default=False)  # from then on level and entry are fixed
    code = models.CharField(max_length=6, null=True, blank=True)
    responsible = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    lawful_basis = models.CharField(max_length=30, default="public-task")
    retention_days = models.PositiveIntegerField(default=730)
    disposal = LangTextField()
    disposed = models.DateField(null=True, blank=True)  # the day on which what ties it to people was deleted

    class Meta:
        constraints = [
            unique_in_tenant("programmes_activity"),
            models.UniqueConstraint(fields=["code"], name="programmes_activity_code"),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("starts")), name="programmes_activity_days"),
            *same_tenant("programmes_activity", "programme", "frame", "responsible"),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="programmes_activity_state")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def rid(self) -> str:
        """The id as addresses have it."""
        return encode_id(self.pk)


class Part(OrganisationRow):
    """One part of an audience: a unit with all below it, a level, a management team, a group or one person."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="parts", null=True)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="parts", null=True)
    unit = models.ForeignKey("organisations.Unit", on_delete=models.CASCADE, null=True, related_name="+")
    level = models.CharField(max_length=10, blank=True)
    team_of = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(programme__isnull=True) ^ models.Q(activity__isnull=True),
                name="programmes_part_of_one",
            ),
            *same_tenant("programmes_part", "programme", "activity", "unit", "team_of", "group", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Invitation(OrganisationRow):
    """A guest's way in: a link that holds until a day. Only a digest of its secret is kept."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateField(default=today)
    until = models.DateField()
    opened = models.DateField(null=True, blank=True)  # the link was followed; a mail filter may have done it
    accepted = models.DateField(null=True, blank=True)
    revoked = models.BooleanField(default=False)

    class Meta:
        constraints = [*same_tenant("programmes_invitation", "programme", "person", "invited_by")]

    def __str__(self) -> str:
        return f"{self.until}"


class Ticket(OrganisationRow):
    """The right of one person to vote once in an anonymous activity with a given audience. No time, no key."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="tickets")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    spent = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "person"], name="programmes_ticket_once"),
            *same_tenant("programmes_ticket", "activity", "person"),
        ]

    def __str__(self) -> str:
        return "ticket"


class VoterKey(OrganisationRow):
    """A random key under which somebody votes in one activity. Nothing ties it to a ticket."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="voter_keys")
    key = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "key"], name="programmes_voterkey_once"),
            *same_tenant("programmes_voterkey", "activity"),
        ]

    def __str__(self) -> str:
        return "voter key"


class News(OrganisationRow):
    """A short notice on the programme page, signed."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="news")
    day = models.DateField()
    title = LangTextField()
    text = LangTextField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [*same_tenant("programmes_news", "programme", "signed_by")]

    def __str__(self) -> str:
        return str(self.title)


class ErasureRequest(OrganisationRow):
    """Somebody asks to be forgotten. An operator does it, or says why it cannot be done."""

    class State(models.TextChoices):
        OPEN = "open", _("waits for an answer")
        DONE = "done", _("erased")
        DECLINED = "declined", _("not erased, with a reason")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="erasure_requests")
    day = models.DateField()
    words = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    handled = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state="open"), name="programmes_erasurerequest_one_open"
            ),
            *same_tenant("programmes_erasurerequest", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class FaultReport(models.Model):
    """Something on a page that somebody could not use. It belongs to the installation, not to an organisation."""

    class State(models.TextChoices):
        NEW = "new", _("newly reported")
        KNOWN = "known", _("known, not yet mended")
        MENDED = "mended", _("mended")

    id = RandomIdField()
    page = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    email = models.EmailField(blank=True)  # taken away when the report is settled
    language = models.CharField(max_length=2, default="sv")
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    shown = LangTextField()  # the operator's words for the statement, while the fault is known

    def __str__(self) -> str:
        return f"{self.day}"
