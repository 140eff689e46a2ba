"""What colleagues change about themselves and their work."""

from schools.services.working_days import set_working_days

__all__ = ["set_working_days"]
