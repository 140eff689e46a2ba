"""The register of processing of the whole portal, from what each app declares beside its models."""

from __future__ import annotations

from messaging.processing import PROCESSING as OF_MESSAGING
from messaging.processing import WITHOUT_PEOPLE as MESSAGING_WITHOUT
from parents.processing import PROCESSING as OF_PARENTS
from parents.processing import WITHOUT_PEOPLE as PARENTS_WITHOUT
from reports.processing import PROCESSING as OF_REPORTS
from reports.processing import WITHOUT_PEOPLE as REPORTS_WITHOUT
from schools.own_processing import PROCESSING as OF_SCHOOLS
from schools.own_processing import WITHOUT_PEOPLE as SCHOOLS_WITHOUT

PROCESSING = (*OF_SCHOOLS, *OF_PARENTS, *OF_MESSAGING, *OF_REPORTS)
WITHOUT_PEOPLE = (*SCHOOLS_WITHOUT, *PARENTS_WITHOUT, *MESSAGING_WITHOUT, *REPORTS_WITHOUT)
