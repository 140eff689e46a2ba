"""One row of everything that a page can show, all about 3B of De Kersenboom, made by the services themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from messaging.content import load_templates
from messaging.models import (
    CallTask,
    Delivery,
    LetterBatch,
    Notice,
    NoticeTemplate,
    PrintedLetter,
    Recording,
    Thread,
    TranslationRequest,
    VoiceRequest,
)
from messaging.services import (
    ask_question,
    ask_voice,
    print_letters,
    publish_notice,
)
from parents.models import (
    Absence,
    ConferenceHost,
    ConferenceHour,
    ConferenceSlot,
    ContactPoint,
    DataRequest,
    Family,
    FamilyMatch,
    FamilyMerge,
    FollowUp,
    Gathering,
    GrowthNote,
    Guardian,
    Guardianship,
    MergedChild,
    PupilMerge,
    ReadingAlert,
    ReadingMode,
)
from parents.roster.carrying import carry_on
from parents.samefamily.moving import move
from parents.services import ask_to_change_contact, file_request
from parents.services.booking import Wish
from parents.services.growth import share_growth
from parents.signin import Reachable
from reports.evaluation import draft_evaluation
from reports.measuring import close_wave
from reports.models import (
    AccessScan,
    Adaptation,
    BudgetBooking,
    CardQuestion,
    DiaryNote,
    EvaluationReport,
    MeasurementBox,
    MeasurementWave,
    PlannedStep,
    PlaybookEdition,
    PlaybookPackage,
    ScanAction,
    Target,
)
from reports.packaging import bring_package
from schools import clock
from schools.models import Assignment, Enrolment, FactorReset, Holiday, Partner, Pupil, Role, Rollover, RosterUpload
from schools.reference import load_methods
from schools.roster.uploads import bring_in
from schools.services import lay_school_year
from schools.services.staffing import ask_factor_reset
from tests.cast import Cast, make_account
from tests.parents.conferences import book, hours_of, round_of, slot_of
from tests.parents.gatherings import gathering_of, held, library, signed
from tests.reports.measured import asked, opened
from tests.reports.packages import different_and_new, package_of
from tests.reports.scanned import answers, scanned
from tests.roster.lists import ROWS, file_of
from tests.surface.agreed import adapted, aims, asked_about, brought_out, planned, spent, year_plan
from tests.surface.written import (
    ask_for_punjabi,
    attach_leaflet,
    read_aloud,
    read_template_aloud,
    schedule,
    write_notice,
)


@dataclass
class Rows:
    cast: Cast
    notice: Notice
    draft: Notice
    scheduled: Notice
    batch: LetterBatch
    call: CallTask
    thread: Thread
    report: EvaluationReport
    wish: FollowUp
    general_voice: Recording
    asked: TranslationRequest
    roster: RosterUpload
    alert: ReadingAlert
    school_translator: Assignment
    factor_reset: FactorReset
    voice: VoiceRequest
    data_request: DataRequest
    alike: FamilyMatch
    joined: FamilyMerge
    study_day: Holiday
    rollover: Rollover
    #: Yusuf is not at school, says his mother.
    absence: Absence
    #: What the teacher of 3B told Yusuf's parents.
    growth: GrowthNote
    #: Coffee at De Kersenboom, to come; Yusuf's father has signed up.
    gathering: Gathering
    #: Reading with De Leidraad, which was yesterday; Yusuf's father had signed up.
    reading: Gathering
    #: The times of 3B's teacher in a round of meetings: the first is taken.
    host: ConferenceHost

    #: What De Kersenboom wants to reach.
    target: Target
    #: What was spent on interpreters.
    booking: BudgetBooking
    #: How easy De Kersenboom makes it for parents, and what it does about that.
    scan: AccessScan
    planned: PlannedStep
    adaptation: Adaptation
    card_question: CardQuestion
    edition: PlaybookEdition
    action: ScanAction

    @property
    def hours(self) -> list[ConferenceHour]:
        return list(self.host.hours.order_by("starts_at"))

    @property
    def father_slot(self) -> ConferenceSlot:
        """The place of Yusuf in that round."""
        return slot_of(self.cast, self.host.round, "yusuf")

    @property
    def ending(self) -> Assignment:
        """The post of the teacher of 1A, which ends soon."""
        return Assignment.objects.get(user=self.cast.staff["teacher_1a"])

    @property
    def twice(self) -> list[Guardian]:
        """The mother of Emma, who stands twice at De Kersenboom."""
        return list(Guardian.objects.filter(guardianships__pupil=self.cast.pupils["emma"]))

    @property
    def twins(self) -> list[Pupil]:
        """Emma, and a second row for her in 1A, made where a test asks for it."""
        emma, room = self.cast.pupils["emma"], self.cast.classes["1a"]
        facts = {"first_name": emma.first_name, "last_name": emma.last_name, "birth_date": emma.birth_date}
        other = Pupil.objects.filter(**facts).exclude(pk=emma.pk).first() or Pupil.objects.create(**facts)
        place: dict[str, Any] = {"school": room.school, "school_class": room, "starts_on": self.cast.year.starts_on}
        Enrolment.objects.get_or_create(pupil=other, **place)
        return [emma, other]

    @property
    def joined_twins(self) -> PupilMerge:
        """The same, joined."""
        (kept, joined), school = self.twins, self.cast.schools["kersenboom"]
        facts = {"at": clock.now(), "by": self.cast.staff["head"], "numbers": [["", ""], ["", ""]]}
        return PupilMerge.objects.get_or_create(kept=kept, joined=joined, school=school, defaults=facts)[0]

    @property
    def wave(self) -> MeasurementWave:
        """De Kersenboom asks its parents, made where a test asks for it."""
        known = MeasurementWave.objects.filter(school=self.cast.schools["kersenboom"], audience="PARENTS").first()
        return known or opened(self.cast)

    @property
    def team_wave(self) -> MeasurementWave:
        """And its team."""
        known = MeasurementWave.objects.filter(school=self.cast.schools["kersenboom"], audience="TEAM").first()
        return known or opened(self.cast, audience="TEAM")

    @property
    def measured(self) -> MeasurementWave:
        """The same, closed, with what parents said and one word of theirs to be read."""
        if not self.wave.has_results:
            counts = {"welcome": [1, 0, 2, 3, 4], "understand": [0, 0, 1, 5, 4]}
            box = MeasurementBox.objects.filter(wave=self.wave)
            box.update(counts=counts, forms={"own": 4, "gate": 6}, texts=["?"])
            close_wave(wave=self.wave, by=self.cast.staff["head"])
        return self.wave

    @property
    def diary_note(self) -> DiaryNote:
        """What the joint worker saw on the first day of the year, made where a test asks for it."""
        project, by = self.report.project, self.cast.staff["joint"]
        facts = {"day": project.starts_on, "text": "De koffie liep vol.", "written_by": by, "written_at": clock.now()}
        return DiaryNote.objects.filter(project=project).first() or DiaryNote.objects.create(
            project=project, client_id=uuid4(), **facts
        )

    @property
    def asking(self) -> Notice:
        """The notice with which parents are asked."""
        return self.wave.notice or asked(self.cast, self.wave)

    @property
    def package(self) -> PlaybookPackage:
        """A draaiboek that came in: something new, something different and something of no use here."""
        known = PlaybookPackage.objects.first()
        return known or bring_package(content=package_of(different_and_new), by=self.cast.staff["joint"])

    @property
    def template(self) -> NoticeTemplate:
        assert self.notice.template is not None
        return self.notice.template

    @property
    def letter(self) -> PrintedLetter:
        return self.batch.letters.order_by("position")[0]

    def delivery_to(self, guardian: str) -> Delivery:
        return Delivery.objects.get(notice=self.notice, guardian=self.cast.guardians[guardian])


def build_rows(cast: Cast) -> Rows:
    """A notice that was sent and one that was not, letters, a call, a question and a report."""
    load_templates()
    load_methods()
    assert cast.project is not None
    cast.moments["gate"].pupils.set([cast.pupils["yusuf"]])
    _make_reachable_on_paper_and_by_voice(cast)
    again = Guardian.objects.create(first_name="Sara", last_name="Peeters")
    Guardianship.objects.create(pupil=cast.pupils["emma"], guardian=again, starts_on=cast.year.starts_on)
    Assignment.objects.filter(user=cast.staff["teacher_1a"]).update(ends_on=clock.today() + timedelta(days=10))
    notice = write_notice(cast)
    attach_leaflet(notice)
    read_aloud(notice)
    publish_notice(notice=notice, by=cast.staff["teacher_3b"])
    draft = write_notice(cast)
    attach_leaflet(draft)
    read_aloud(draft)
    return Rows(
        cast=cast,
        notice=notice,
        draft=draft,
        scheduled=schedule(write_notice(cast)),
        batch=print_letters(notice=notice, by=cast.staff["teacher_3b"]),
        call=CallTask.objects.get(delivery__notice=notice),
        thread=ask_question(
            guardian=cast.guardians["separated_father"],
            pupil=cast.pupils["yusuf"],
            notice=notice,
            text="متى؟",
            language="ar",
        ),
        report=draft_evaluation(project=cast.project, kind="FINAL"),
        wish=_ask_for_another_number(cast),
        general_voice=read_template_aloud(cast),
        asked=ask_for_punjabi(cast, draft),
        rollover=_went_on(cast),
        study_day=Holiday.objects.create(
            school=cast.schools["kersenboom"],
            name="Studiedag",
            starts_on=cast.year.ends_on,
            ends_on=cast.year.ends_on,
        ),
        roster=bring_list(cast),
        alert=_read_at_night(cast),
        school_translator=make_translator(cast),
        factor_reset=ask_factor_reset(user=cast.staff["teacher_3b"], by=cast.staff["head"]),
        voice=ask_voice(school=draft.school, notice=draft, language="pa", by=draft.author),
        data_request=file_request(
            guardian=cast.guardians["separated_father"],
            kind="ACCESS",
            place=cast.schools["kersenboom"],
            identity="CODE",
        ),
        absence=_away(cast, "yusuf"),
        growth=_told(cast),
        host=_receives(cast),
        gathering=_brings_together(cast),
        reading=_has_read(cast),
        alike=_alike(cast),
        joined=_joined(cast),
        target=aims(cast),
        booking=spent(cast),
        scan=scanned(cast.schools["kersenboom"], cast.staff["head"], answers(time_3="NO"), days=1),
        action=planned(cast),
        planned=year_plan(cast),
        adaptation=adapted(cast),
        card_question=asked_about(cast),
        edition=brought_out(),
    )


def _away(cast: Cast, pupil: str, days: int = 0) -> Absence:
    day = clock.today() + timedelta(days=days)
    return Absence.objects.create(
        pupil=cast.pupils[pupil],
        school=cast.schools["kersenboom"],
        starts_on=day,
        ends_on=day,
        reported_by=cast.guardians["separated_mother"],
        reported_at=clock.now(),
    )


def _told(cast: Cast) -> GrowthNote:
    return share_growth(
        client_id=uuid4(),
        pupil=cast.pupils["yusuf"],
        school=cast.schools["kersenboom"],
        by=cast.staff["teacher_3b"],
        phrases=["READS_BETTER"],
        sentence="Hij las zijn eerste boek voor.",
    )


def _receives(cast: Cast) -> ConferenceHost:
    """A round of 3B, in which the father of Yusuf has the first time."""
    made = round_of(cast)
    book(cast, slot_of(cast, made, "yusuf"), hours_of(made)[0], "separated_father", Wish("SCHOOL", "ar", "القراءة"))
    return made.hosts.get()


def _brings_together(cast: Cast) -> Gathering:
    made = gathering_of(cast, places=9, partner=Partner.objects.get())
    signed(cast, made, "separated_father", 1, 1, interpreter="ar")
    return made


def _has_read(cast: Cast) -> Gathering:
    made = library(cast)
    signed(cast, made, "separated_father")
    return held(made)


def _alike(cast: Cast) -> FamilyMatch:
    """Two families of De Kersenboom that may be one."""
    first, second = sorted((cast.families["haddad"], cast.families["peeters"]), key=lambda family: family.pk)
    return FamilyMatch.objects.create(first=first, second=second, score=50, facts=["PHONE:0"], found_at=clock.now())


def _joined(cast: Cast) -> FamilyMerge:
    """A family that was joined with the Peeters this week."""
    other, kept = Family.objects.create(), cast.families["peeters"]
    merge = FamilyMerge.objects.create(
        kept=kept, joined=other, moved=move(other, kept), at=clock.now(), by=cast.staff["joint"]
    )
    for family, pupil in ((kept, "emma"), (other, "simran")):
        MergedChild.objects.create(merge=merge, family=family, pupil=cast.pupils[pupil])
    return merge


def _went_on(cast: Cast) -> Rollover:
    """A change of school year so long ago that it stays: whoever may, reads that a week is over."""
    return Rollover.objects.create(
        school=cast.schools["kersenboom"],
        from_year=cast.year,
        to_year=lay_school_year(cast.year.starts_on.year + 1, with_holidays=False),
        made_at=clock.now() - timedelta(days=30),
        made_by=cast.staff["head"],
    )


def bring_list(cast: Cast) -> RosterUpload:
    """A list of De Kersenboom that was read and waits to be looked at; one of its rows is not right."""
    content = file_of(*ROWS, "104;Mila;Maes;03/06/2020;1A;Godelieve;Maes;geen;geen;")
    upload = bring_in(
        school=cast.schools["kersenboom"], by=cast.staff["office"], name="leerlingen.csv", content=content
    )
    carry_on()
    upload.refresh_from_db()
    return upload


def _read_at_night(cast: Cast) -> ReadingAlert:
    """By the teacher of 3B, for the head."""
    now = clock.now()
    return ReadingAlert.objects.create(
        person=cast.staff["teacher_3b"],
        school=cast.schools["kersenboom"],
        kind="NIGHT",
        day=clock.today(),
        first_at=now,
        last_at=now,
        number=2,
        raised_at=now,
    )


def make_translator(cast: Cast, *languages: str) -> Assignment:
    """One of De Kersenboom's own, of Turkish where nothing is said."""
    user = make_account("own_translator@cast.example", "Yıldız Kaya")
    school, start = cast.schools["kersenboom"], cast.year.starts_on
    return Assignment.objects.create(
        user=user, role=Role.TRANSLATOR, school=school, languages=list(languages or ["tr"]), starts_on=start
    )


def _ask_for_another_number(cast: Cast) -> FollowUp:
    """The father of 3B's Yusuf, who has one school."""
    wish = ask_to_change_contact(
        guardian=cast.guardians["separated_father"],
        children=[cast.pupils["yusuf"]],
        contact=Reachable("PHONE", "+32470000009"),
    )
    return wish.follow_ups.get()


def _make_reachable_on_paper_and_by_voice(cast: Cast) -> None:
    """The grandfather does not read; the separated mother has lost her addresses."""
    grandfather = cast.guardians["grandfather"]
    grandfather.reading_mode = ReadingMode.ORAL_ONLY
    grandfather.save(update_fields=["reading_mode"])
    ContactPoint.objects.filter(guardians=cast.guardians["separated_mother"]).update(valid_until=clock.today())
