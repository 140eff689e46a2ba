def oldest_due_seconds() -> int:
    return 0
