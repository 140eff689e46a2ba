"""The package of the draaiboek: one zip that another portal takes over (docs/draaiboek-pakket.md).

``archive`` knows zips, ``reading`` the format, one shelf for each file knows how its entries are written, compared and
installed, ``installing`` brings them together.
"""

from reports.packaging.archive import PackageError
from reports.packaging.contents import contents
from reports.packaging.installing import (
    ComparisonChangedError,
    Outcome,
    bring_package,
    compare,
    fingerprint,
    install,
)
from reports.packaging.reading import Package, read, written
from reports.packaging.shelves import Difference, Item, State

__all__ = [
    "ComparisonChangedError",
    "Difference",
    "Item",
    "Outcome",
    "Package",
    "PackageError",
    "State",
    "bring_package",
    "compare",
    "contents",
    "fingerprint",
    "install",
    "read",
    "written",
]
