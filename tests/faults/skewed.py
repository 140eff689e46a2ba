"""``python -m tests.faults.skewed``: Celery in a process whose clock is so many seconds ahead (negative: behind)."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import time_machine
from celery.__main__ import main

if __name__ == "__main__":
    ahead = timedelta(seconds=int(os.environ["CLOCK_AHEAD_SECONDS"]))
    time_machine.travel(datetime.now(UTC) + ahead, tick=True).start()
    sys.exit(main())
