"""Sessions, the blocks of their agenda, who is invited and came, and the minutes."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from samsyn.core.constraints import same_tenant, unique_in_tenant
from samsyn.core.ids import encode_id
from samsyn.core.texts import LangTextField
from samsyn.organisations.models import OrganisationRow, Person, Unit
from samsyn.programmes.models import Activity, Frame, Group, Programme
from samsyn.thread.models import Item


class Series(OrganisationRow):
    """Sessions that belong together: five leadership days, or one unit day in forty units."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="series")
    title = LangTextField()

    class Meta:
        constraints = [unique_in_tenant("gatherings_series"), *same_tenant("gatherings_series", "programme")]

    def __str__(self) -> str:
        return str(self.title)


class Session(OrganisationRow):
    """People meet, in a room, online or both. Its agenda is what runs the room, and what the minutes are made of.

    Attributes:
        unit: whose session it is, where one template is held in many units.
        template: the slug of the template that it was made from.
        named: whether it is noted by name who came; else only how many.
        epoch: grows when everybody must come in anew.
        sequence: grows with each change that calendars must hear of.
        block: what is on now.
        hidden: whether the screen keeps the block's result back.
        undo: how to take back the last command: {"do": …, …}; empty where that cannot be done.
        came: how many came; where names are kept it follows from them.
        most_present: the most phones that were in its room at one time; a count, of nobody in particular.
        disposed: the day on which who was asked and who came was deleted.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("going on")
        ENDED = "ended", _("over")
        PUBLISHED = "published", _("minutes published")
        CANCELLED = "cancelled", pgettext_lazy("session", "cancelled")

    class Mode(models.TextChoices):
        HERE = "here", _("in a room")
        ONLINE = "online", _("online")
        HYBRID = "hybrid", _("in a room and online")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sessions")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="sessions")
    series = models.ForeignKey(Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    template = models.CharField(max_length=60, blank=True)
    title = LangTextField()
    purpose = LangTextField()
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.HERE)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)  # of the video meeting
    preparation = LangTextField()  # what to read or do beforehand
    starts = models.DateTimeField()
    capacity = models.PositiveIntegerField(null=True, blank=True)
    entry = models.CharField(max_length=10, choices=Activity.Entry.choices, default=Activity.Entry.CODE)
    everybody = models.BooleanField(default=True)  # the programme's whole audience; else the parts of its own
    named = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    code = models.CharField(max_length=6, null=True, blank=True)
    passcode = models.CharField(max_length=20, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    block = models.ForeignKey("Block", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    hidden = models.BooleanField(default=False)
    undo = models.JSONField(default=dict, blank=True)
    began = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)
    came = models.PositiveIntegerField(null=True, blank=True)
    most_present = models.PositiveIntegerField(default=0)
    answers_sent = models.DateField(null=True, blank=True)  # the letter with the answers and the minutes
    retention_days = models.PositiveIntegerField(default=730)
    disposed = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            unique_in_tenant("gatherings_session"),
            models.UniqueConstraint(fields=["code"], name="gatherings_session_code"),
            *same_tenant("gatherings_session", "programme", "frame", "series", "unit", "block"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "starts"], name="gatherings_session_state")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def rid(self) -> str:
        """The id as addresses have it."""
        return encode_id(self.pk)

    @property
    def when(self) -> dt.datetime:
        """When it is: as it began, where it has begun; as it is planned otherwise."""
        return self.began or self.starts


class SessionPart(OrganisationRow):
    """One part of a session's audience: a unit with all below it, a level, a management team, a group, one person."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    level = models.CharField(max_length=10, blank=True)
    team_of = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [*same_tenant("gatherings_sessionpart", "session", "unit", "team_of", "group", "person")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Block(OrganisationRow):
    """A part of the agenda: so many minutes, in which something is done, often an activity.

    Attributes:
        pattern: the slug of a ready pattern that it belongs to (alone → pair → table → all), for how it is drawn.
        who: whose turn it is, in words. notes: for those who run it; never shown to others.
        outcome: what came out, in words, where no activity says it.
    """

    class Form(models.TextChoices):
        TALK = "talk", _("somebody speaks")
        ACTIVITY = "activity", _("everyone does something")
        TABLES = "tables", _("talk at the tables")
        PAUSE = "pause", _("break")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="blocks")
    position = models.PositiveIntegerField()
    form = models.CharField(max_length=10, choices=Form.choices, default=Form.TALK)
    title = LangTextField()
    minutes = models.PositiveIntegerField()
    activity = models.ForeignKey(Activity, on_delete=models.SET_NULL, null=True, blank=True, related_name="blocks")
    pattern = models.CharField(max_length=30, blank=True)
    who = LangTextField()
    material = LangTextField()
    notes = LangTextField()
    outcome = LangTextField()
    began = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            unique_in_tenant("gatherings_block"),
            models.CheckConstraint(condition=models.Q(minutes__range=(1, 600)), name="gatherings_block_minutes"),
            *same_tenant("gatherings_block", "session", "activity"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def rid(self) -> str:
        """The id as addresses have it."""
        return encode_id(self.pk)


class Host(OrganisationRow):
    """Somebody who runs this session, and no other, such as a unit's own facilitator.

    In the activities on its agenda they may what facilitators may, until the minutes are published (`standing.hosted`).
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="hosts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="gatherings_host_once"),
            *same_tenant("gatherings_host", "session", "person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class Invitee(OrganisationRow):
    """Somebody who has been asked to come. `came` is noted only where the session keeps names."""

    class Answer(models.TextChoices):
        INVITED = "invited", _("invited")
        COMING = "coming", _("coming")
        DECLINED = "declined", _("cannot come")
        WAITING = "waiting", _("on the waiting list")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="invitees")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.INVITED)
    place = models.PositiveIntegerField(null=True, blank=True)  # on the waiting list
    sent = models.PositiveIntegerField(null=True, blank=True)  # the sequence of the last letter with a calendar entry
    came = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="gatherings_invitee_once"),
            *same_tenant("gatherings_invitee", "session", "person"),
        ]

    def __str__(self) -> str:
        return self.answer


class Minutes(OrganisationRow):
    """What is remembered of a session: made from what happened, edited, then published into the thread.

    `sections`: [{"key": …, "heading": LangText, "text": LangText, "items": [ids], "edited": bool}], in order. One that
    nobody has edited is made anew from what happened, until they are published; then each change is a `Correction`.
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="minutes")
    item = models.OneToOneField(Item, on_delete=models.SET_NULL, null=True, related_name="minutes")
    sections = models.JSONField(default=list)
    day = models.DateField()
    signed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    published = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            unique_in_tenant("gatherings_minutes"),
            *same_tenant("gatherings_minutes", "session", "item", "signed_by"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Correction(OrganisationRow):
    """A section of published minutes that was put right: what stood there before, and why it was changed.

    `number`: the first correction of these minutes is 1, so that those of one day have an order.
    """

    minutes = models.ForeignKey(Minutes, on_delete=models.CASCADE, related_name="corrections")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=60)  # of the section
    before = LangTextField()
    reason = LangTextField()
    day = models.DateField()
    corrected_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="gatherings_correction_number"),
            *same_tenant("gatherings_correction", "minutes", "corrected_by"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Lesson(OrganisationRow):
    """What those who ran a session will do differently next time, in words; shown first the next time."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="lessons")
    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="lesson")

    class Meta:
        constraints = [*same_tenant("gatherings_lesson", "session", "item")]

    def __str__(self) -> str:
        return f"{self.item_id}"


class OwnTemplate(OrganisationRow):
    """A session kept as a template by the organisation. `content` is what a shipped template's file holds."""

    name = LangTextField()
    content = models.JSONField()
    day = models.DateField()

    class Meta:
        constraints = [unique_in_tenant("gatherings_owntemplate")]

    def __str__(self) -> str:
        return str(self.name)
