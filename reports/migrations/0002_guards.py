from django.db import migrations

from schools.guards import insert_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_core")]

    operations = [
        insert_only("reports_figurerun"),
        insert_only("reports_frozenreport"),
        insert_only("reports_frozenfile"),
        insert_only("reports_reportsignature"),
        insert_only("reports_playbookedition"),
        insert_only("reports_editionpage"),
        insert_only("reports_keptfile", may_delete=True),
        insert_only("reports_editionfile"),
        insert_only("reports_editionprint"),
        insert_only("reports_cardversion"),
        insert_only("reports_adoptionchange"),
        insert_only("reports_target", may_delete=True),
        insert_only("reports_targetagreement", may_delete=True),
        insert_only("reports_timecorrection", may_delete=True),
        insert_only("reports_budgetchange"),
        insert_only("reports_budgetbooking"),
        insert_only("reports_chapterversion", may_delete=True),
        insert_only("reports_breachline", may_delete=True),
    ]
