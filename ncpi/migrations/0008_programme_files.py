"""What a programme's files say moves beside the programme: every page reads programmes, hardly any reads that."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from ncpi.lib.migrations import in_few_steps

MOVE = "insert into ncpi_programmefiles (programme_id, content) select id, content from ncpi_programme"


class Migration(migrations.Migration):
    dependencies = [
        ("ncpi", "0007_hand_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProgrammeFiles",
            fields=[
                (
                    "programme",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="files",
                        serialize=False,
                        to="ncpi.programme",
                    ),
                ),
                ("content", models.JSONField()),
            ],
        ),
        migrations.RunSQL(MOVE),
        migrations.RemoveField(
            model_name="programme",
            name="content",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programmefiles",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f0bb596455f37e5fd2828048e563b4bdcb0b9877",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_0eeae",
                    table="ncpi_programmefiles",
                    when="BEFORE",
                ),
            ),
        ),
    ]
    operations = in_few_steps(operations)
