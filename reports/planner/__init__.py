"""The year planner of schools that take the draaiboek over (domain 3.2)."""
