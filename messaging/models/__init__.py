from messaging.models.answers import Answer, OptOut
from messaging.models.attachments import Attachment
from messaging.models.deliveries import (
    CallTask,
    Channel,
    Delivery,
    DeliveryEvent,
    DeliveryStatus,
    Explanation,
    Reason,
    RecordedNotice,
    TextKind,
)
from messaging.models.inbound import InboundOutcome, InboundText
from messaging.models.letters import (
    BatchState,
    LetterBatch,
    LetterPart,
    PrintedLetter,
    PrintProblem,
    StripMark,
)
from messaging.models.notices import Notice, NoticeKind, NoticePupil, NoticeStatus
from messaging.models.policies import Caller, LadderPolicy
from messaging.models.recordings import Recording
from messaging.models.running import ChannelState, DailyDeliveries, JobRun
from messaging.models.templates import NoticeTemplate, TemplateAnswer, TranslationReason
from messaging.models.texts import LanguageChoice, NoticeText, TextOrigin, TextState
from messaging.models.threads import PostTranslation, Thread, ThreadPost, TranslationState
from messaging.models.translations import (
    MachineJob,
    MachineProblem,
    MachineState,
    MachineUse,
    RequestStatus,
    TranslationPolicy,
    TranslationRequest,
)
from messaging.models.voices import VoiceRequest

__all__ = [
    "Answer",
    "Attachment",
    "BatchState",
    "CallTask",
    "Caller",
    "Channel",
    "ChannelState",
    "DailyDeliveries",
    "Delivery",
    "DeliveryEvent",
    "DeliveryStatus",
    "Explanation",
    "InboundOutcome",
    "InboundText",
    "JobRun",
    "LadderPolicy",
    "LanguageChoice",
    "LetterBatch",
    "LetterPart",
    "MachineJob",
    "MachineProblem",
    "MachineState",
    "MachineUse",
    "Notice",
    "NoticeKind",
    "NoticePupil",
    "NoticeStatus",
    "NoticeTemplate",
    "NoticeText",
    "OptOut",
    "PostTranslation",
    "PrintProblem",
    "PrintedLetter",
    "Reason",
    "RecordedNotice",
    "Recording",
    "RequestStatus",
    "StripMark",
    "TemplateAnswer",
    "TextKind",
    "TextOrigin",
    "TextState",
    "Thread",
    "ThreadPost",
    "TranslationPolicy",
    "TranslationReason",
    "TranslationRequest",
    "TranslationState",
    "VoiceRequest",
]
