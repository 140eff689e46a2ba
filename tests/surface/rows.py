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
    DataRequest,
    FamilyMatch,
    FamilyMerge,
    FollowUp,
    Gathering,
    GrowthNote,
    Guardian,
    Guardianship,
    PupilMerge,
    ReadingAlert,
)
from parents.services import file_request
from reports.evaluation import application_of, draft_evaluation, start_application
from reports.measuring import close_wave
from reports.models import (
    AccessScan,
    Adaptation,
    BudgetBooking,
    CardFile,
    CardQuestion,
    DataBreach,
    DiaryNote,
    EvaluationReport,
    FrozenReport,
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
from schools.models import Assignment, Enrolment, FactorReset, Holiday, PostDecision, Pupil, Rollover, RosterUpload
from schools.reference import load_methods
from schools.services.staffing import ask_factor_reset
from tests.cast import Cast
from tests.parents.conferences import slot_of
from tests.reports.broken import broken
from tests.reports.measured import asked, opened
from tests.reports.packages import different_and_new, package_of
from tests.reports.scanned import answers, scanned
from tests.surface.agreed import adapted, aims, asked_about, brought_out, carried, planned, spent, year_plan
from tests.surface.happened import (
    alike,
    ask_for_another_number,
    away,
    bring_list,
    brings_together,
    goes_on,
    has_read,
    joined,
    make_reachable_on_paper_and_by_voice,
    make_translator,
    read_at_night,
    receives,
    told,
    went_on,
)
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
    #: The teacher of 3B goes on next year.
    post_decision: PostDecision
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
    card_file: CardFile
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
    def breach(self) -> DataBreach:
        """Something that went wrong at De Kersenboom, reported by the teacher of 3B an hour after it was noticed."""
        known = DataBreach.objects.first()
        return known or broken(self.cast)

    @property
    def application(self) -> EvaluationReport:
        """What is asked for next year, started from an evaluation that was frozen, made where a test asks for it."""
        made = application_of(self.report)
        if made is None:
            mark, moment = "b" * 64, self.report.created_at
            FrozenReport.objects.create(
                report=self.report, checksum=mark, content={}, pdf=b"", pdf_checksum=mark, frozen_at=moment
            )
            states = EvaluationReport.objects.filter(pk=self.report.pk)
            states.update(state="SIGNED")
            made = start_application(source=self.report, by=self.cast.staff["joint"])
            states.update(state="DRAFT")
        return made

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
    make_reachable_on_paper_and_by_voice(cast)
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
        wish=ask_for_another_number(cast),
        general_voice=read_template_aloud(cast),
        asked=ask_for_punjabi(cast, draft),
        rollover=went_on(cast),
        post_decision=goes_on(cast),
        study_day=Holiday.objects.create(
            school=cast.schools["kersenboom"],
            name="Studiedag",
            starts_on=cast.year.ends_on,
            ends_on=cast.year.ends_on,
        ),
        roster=bring_list(cast),
        alert=read_at_night(cast),
        school_translator=make_translator(cast),
        factor_reset=ask_factor_reset(user=cast.staff["teacher_3b"], by=cast.staff["head"]),
        voice=ask_voice(school=draft.school, notice=draft, language="pa", by=draft.author),
        data_request=file_request(
            guardian=cast.guardians["separated_father"],
            kind="ACCESS",
            place=cast.schools["kersenboom"],
            identity="CODE",
        ),
        absence=away(cast, "yusuf"),
        growth=told(cast),
        host=receives(cast),
        gathering=brings_together(cast),
        reading=has_read(cast),
        alike=alike(cast),
        joined=joined(cast),
        target=aims(cast),
        booking=spent(cast),
        scan=scanned(cast.schools["kersenboom"], cast.staff["head"], answers(time_3="NO"), days=1),
        action=planned(cast),
        planned=year_plan(cast),
        adaptation=adapted(cast),
        card_question=asked_about(cast),
        card_file=carried(),
        edition=brought_out(),
    )
