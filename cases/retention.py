"""When the cases of an inspection are first looked at again, to be kept on or erased.

Data Protection Act 2018 section 39: personal data is kept no longer than necessary, and limits are set for a periodic
review. The year is the house's own default; a force sets another day for each inspection.
"""

from datetime import date, timedelta

FIRST_REVIEW = timedelta(days=365)


def first_review(fieldwork_end: date) -> date:
    return fieldwork_end + FIRST_REVIEW
