"""Celery: a bell and a clock, never the truth (architecture, decision 5)."""

from __future__ import annotations

from celery.schedules import crontab

from ingroeibloei import connections, stores
from ingroeibloei.settings.place import REDIS_URL, TIME_ZONE, VAR_DIR

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost/"
CELERY_BROKER_USE_SSL = connections.broker_tls(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = stores.broker_options(REDIS_URL, VAR_DIR)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
#: Seconds until the place of a process that was killed is free for the next bell; nobody waits for its result.
CELERY_WORKER_LOST_WAIT = 1.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "ingroeibloei.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
#: What rings all day long is written in seconds: by the hours of a clock (``crontab``) nothing would ring in the hour
#: that comes twice in October.
CELERY_BEAT_SCHEDULE = {
    "ring the outbox's bell": {"task": "messaging.tasks.deliver_due", "schedule": 15.0},
    "tell families of replies": {"task": "messaging.tasks.tell_replies", "schedule": 60.0},
    "remind of meetings": {"task": "messaging.tasks.remind_of_meetings", "schedule": 300.0},
    "go on with the translation machine": {"task": "messaging.tasks.translate_ordered", "schedule": 60.0},
    "invite and remind translators": {"task": "messaging.tasks.tell_translators", "schedule": 60.0},
    "read what came back": {"task": "messaging.tasks.read_bounces", "schedule": 300.0},
    "climb the ladder": {"task": "messaging.tasks.climb_ladders", "schedule": crontab(minute=10)},
    "go on with the rosters": {"task": "parents.tasks.carry_rosters", "schedule": 15.0},
    "look for double families": {
        "task": "parents.tasks.offer_same_families",
        "schedule": crontab(hour=2, minute=10),
    },
    "forget the files of rosters": {"task": "parents.tasks.forget_rosters", "schedule": crontab(hour=3, minute=35)},
    "go on with the letters": {"task": "messaging.tasks.make_letters", "schedule": 15.0},
    "forget the files of letters": {"task": "messaging.tasks.forget_letters", "schedule": crontab(hour=3, minute=20)},
    "count the days and purge": {"task": "messaging.tasks.nightly", "schedule": crontab(hour=2, minute=40)},
    "lay the school years": {"task": "schools.tasks.lay_school_years", "schedule": crontab(hour=1, minute=30)},
    "sign out who left": {"task": "schools.tasks.sign_out_who_left", "schedule": crontab(hour=0, minute=5)},
    "invite colleagues": {"task": "schools.tasks.send_invitations", "schedule": 60.0},
    "remind of next year's posts": {
        "task": "schools.tasks.remind_who_decides",
        "schedule": crontab(hour="7-17", minute=45),
    },
    "climb the urgent ladders": {"task": "messaging.tasks.climb_urgent_ladders", "schedule": 60.0},
    "watch who reads": {"task": "parents.tasks.watch_reading", "schedule": 600.0},
    "keep to retention": {"task": "ingroeibloei.tasks.keep_to_retention", "schedule": crontab(hour=3, minute=50)},
    "tell the operator": {"task": "ingroeibloei.tasks.tell_operator", "schedule": 300.0},
    "go on with the measurements": {"task": "reports.tasks.carry_measurements", "schedule": crontab(minute=25)},
    "begin the year plans": {"task": "reports.tasks.carry_year_plans", "schedule": crontab(hour=4, minute=20)},
    "remind of the year planner": {
        "task": "reports.tasks.remind_of_steps",
        "schedule": crontab(hour="7-17", minute=15),
    },
    "tell of questions about cards": {
        "task": "reports.tasks.tell_of_card_questions",
        "schedule": 300.0,
    },
    "remind of data breaches": {"task": "reports.tasks.remind_of_breaches", "schedule": 300.0},
    "keep the versions of cards": {"task": "reports.tasks.keep_card_versions", "schedule": crontab(hour=4, minute=10)},
    "print editions": {"task": "reports.tasks.print_playbook", "schedule": 600.0},
    "count the figures of many schools": {"task": "reports.tasks.keep_figures", "schedule": 60.0},
    "draft the evaluation": {"task": "reports.tasks.draft_evaluation", "schedule": crontab(hour=5, minute=30)},
    "remind of the evaluation": {
        "task": "reports.tasks.remind_of_evaluation",
        "schedule": crontab(hour="7-17", minute=20),
    },
    "fix the evaluation": {"task": "reports.tasks.fix_evaluation", "schedule": crontab(minute=5)},
}
