from django.db import migrations, models

from ncpi.lib.migrations import in_few_steps

# What stands with a session is what its people were told: nobody hears of a link anew because this is now kept.
TOLD = """
    UPDATE ncpi_invitation SET link = ncpi_session.link
    FROM ncpi_session WHERE ncpi_session.id = ncpi_invitation.session_id AND ncpi_session.link <> ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ncpi", "0009_publications"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="session",
            name="session_state_is_known",
        ),
        migrations.AddField(
            model_name="invitation",
            name="link",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.AlterField(
            model_name="session",
            name="state",
            field=models.CharField(
                choices=[("wanted", "Wanted"), ("cancelled", "Cancelled")], default="wanted", max_length=20
            ),
        ),
        migrations.AlterField(
            model_name="sessionevent",
            name="state",
            field=models.CharField(
                choices=[("wanted", "Wanted"), ("cancelled", "Cancelled")], default="wanted", max_length=20
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["wanted", "cancelled"])), name="session_state_is_known"
            ),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
    ]
    operations = in_few_steps(operations)
