"""The words of a plan: its findings, what changed in a row, notes beside a name, and why an upload stopped."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Findings that comparing with the database makes; the reader's stand in ``schools.roster.wording``.
FINDINGS: dict[str, Promise] = {
    "plan_school_not_in_file": _(
        "This file is about several schools (%(named)s), and number %(number)s is not among them. Choose the right "
        "school, or export this school's own file."
    ),
    "plan_year_over": _(
        "This file is about school year %(year)s, which is over. Export the list of the present school year."
    ),
    "plan_year_to_come": _(
        "This list is read as that of school year %(year)s: places in its classes begin then, and a child that is not "
        "on it stays until the summer is over."
    ),
    "plan_begin_later": _(
        "%(count)s children of this file begin after school year %(year)s. They were left out: bring the list in again "
        "from July on."
    ),
    "plan_most_move": _(
        "%(moved)s of %(enrolled)s children would go to another class now, in school year %(year)s. Is this the list "
        "of the next school year? Then do not bring it in yet: wait until July, or give each child in it a first day "
        "of that year."
    ),
    "plan_classes_renamed": _(
        "%(moved)s of %(enrolled)s children would go to another class of their level now, in school year %(year)s. Are "
        "these their classes under another name? Then give the classes of the portal those names first: so their "
        "teachers and plans stay with them."
    ),
    "plan_other_schools": _("%(count)s pupils of other schools in this file were left out."),
    "plan_class_name": _(
        "The class “%(name)s” has no name that fits: at most %(most)s characters. Give it a short name, like 3B."
    ),
    "plan_level_by_age": _(
        "The file does not say of which level class %(name)s is. By the age of its children we take %(level)s. If that "
        "is wrong, add a column with the level: K0 to K3, L1 to L6."
    ),
    "plan_level_unknown": _(
        "We do not know of which level class %(name)s is. Add a column with the level: K0 to K3, L1 to L6."
    ),
    "plan_pupil_twice": _("Pupil number %(id)s stands here a second time. Remove one of the two rows."),
    "plan_class_unknown": _(
        "%(name)s is in class %(class)s, which is neither in the file nor at the school. Add the class, or change it "
        "here."
    ),
    "plan_not_enrolled": _(
        "%(name)s is registered at another school in these days, so no place in a class was made. Ask the other school "
        "to end it, then bring the file in again."
    ),
    "plan_several_same": _(
        "There are %(count)s children called %(name)s with this date of birth. We did not choose: a new child is made. "
        "Check whether that is right."
    ),
    "plan_pupil_double": _(
        "%(name)s stands here twice, with the same date of birth: under number %(first)s and number %(second)s. If it "
        "is one child, keep one number in the school's own system, or bring the list in and join the two at “Are our "
        "data right?”."
    ),
    "plan_pupil_here": _(
        "%(name)s is at your school already, in class %(class)s. Change what is to be changed on the child's own page."
    ),
    "plan_pupil_alike": _(
        "At your school there is a %(name)s already, in class %(class)s, with another date of birth. If it is the same "
        "child, go back and correct the date."
    ),
    "plan_guardian_alike": _(
        "There is a %(name)s at your school already, with another number, e-mail and home address. If it is the same "
        "person, go back and give one that the school knows."
    ),
    "plan_pupils_joined": _(
        "%(count)s rows of this file are second numbers of children whom your school joined here. They count as one."
    ),
    "plan_guardian_double": _(
        "%(name)s stands here twice at one child: under number %(first)s and number %(second)s. If it is one person, "
        "keep one number in the school's own system, or bring the list in and join the two at “Are our data right?”."
    ),
    "plan_guardian_twice": _("Guardian number %(id)s stands here a second time. Remove one of the two rows."),
    "plan_guardians_without_child": _(
        "%(count)s adults in this file belong to no child of this school. They were left out."
    ),
    "plan_pupils_erased": _(
        "%(count)s children in this file were erased at their parents' request. They were left out. If one of them is "
        "at your school again, speak with the parents first."
    ),
    "plan_guardians_erased": _(
        "%(count)s adults in this file were erased at their own request. They were left out. If one of them has a "
        "child at your school again, speak with them first."
    ),
}

#: Why an upload was refused or stopped, or why its preview is a new one.
PROBLEMS: dict[str, Promise] = {
    "plan_gave_up": _(
        "The portal tried three times and was interrupted each time. Nothing was changed. Try again, or bring the file "
        "in by class."
    ),
    "plan_stopped": _("Stopped. Nothing was changed."),
    "plan_file_gone": _("The file was removed to protect the families' data. Bring it in once more."),
    "plan_changed": _(
        "Somebody changed these data since you looked. Nothing was brought in: look at this new preview first."
    ),
    "plan_not_saved": _(
        "The database did not take this roster. Nothing was changed. Read the file again; if it happens twice, tell "
        "whoever runs the portal."
    ),
}

#: Fields of classes, pupils and guardians in the preview.
FIELDS: dict[str, Promise] = {
    "name": _("name"),
    "level": _("level"),
    "source": _("number in the school's system"),
    "class": _("class"),
    "from": _("from"),
    "until": _("until and including"),
    "first_name": _("first name"),
    "last_name": _("last name"),
    "birth_date": _("date of birth"),
    "contact_language": _("language for contact"),
    "home_language": _("language spoken at home"),
    "reading_mode": _("reading"),
    "email": _("e-mail address"),
    "phone": _("phone number"),
    "address": _("address"),
    "child": _("child"),
    "authority": _("authority"),
    "relation": _("relation"),
}

#: Notes beside a name; ``%(value)s`` is what the file says.
NOTES: dict[str, Promise] = {
    "same_person": _("Found by name: this row and that of the portal become one."),
    "missing": _("Not on this list any more."),
    "own_language": _("The file says %(value)s. The parent chose another language, which stays."),
    "own_reading": _("The file says: %(value)s. The parent chose otherwise, which stays."),
    "own_contact": _("%(value)s is not in the file, but the parent uses it: it stays."),
    "ended_contact": _("%(value)s stands in the file, but does not work or was replaced: it is not used again."),
    "own_home_language": _("The file says %(value)s. The family said otherwise, which stays."),
    "seen_authority": _("The file says: %(value)s. Somebody saw the paper that says otherwise, which stays."),
    "erased": _("Was erased on request: left out, and not brought back."),
    "known_child": _("This child was at your school before, and comes back."),
    "known_adult": _("The school knows this person already: name and language stay as they are."),
    "kept_contact": _(
        "%(value)s is not taken over here. If it is new, give it afterwards with the data of this person."
    ),
    "no_contact": _("No address, e-mail or phone number: this parent cannot be reached."),
}

STEPS: dict[str, Promise] = {
    "reading": _("The file is being read"),
    "comparing": _("The file is being compared with the school"),
    "classes": _("Classes are being written"),
    "pupils": _("Pupils are being written"),
    "places": _("Places in classes are being written"),
    "guardians": _("Guardians are being written"),
    "contacts": _("Addresses and numbers are being written"),
    "families": _("Families are being written"),
    "saving": _("Everything is being saved"),
}


def in_words(sentences: Mapping[str, Promise], code: str, values: Mapping[str, object]) -> str:
    """The sentence of a code in the reader's language, filled; "" for a code that has none here."""
    sentence = sentences.get(code)
    return str(sentence) % values if sentence is not None else ""
