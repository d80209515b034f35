import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from ncpi.lib.migrations import in_few_steps


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ncpi", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Frame",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("file_name", models.CharField(max_length=200)),
                ("file_sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField()),
                ("frozen_at", models.DateTimeField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("discarded_at", models.DateTimeField(null=True)),
                (
                    "frozen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "number"), name="frame_number_once_an_inspection"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest", ""), ("frozen_at", None)),
                            models.Q(("frozen_at__isnull", False), models.Q(("digest", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="frame_frozen_has_a_digest",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("discarded_at", None)),
                        fields=("inspection",),
                        name="frame_one_in_use_an_inspection",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=60)),
                ("district", models.CharField(max_length=100)),
                ("team", models.CharField(max_length=100)),
                ("reported_on", models.DateField()),
                ("finalised_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=200)),
                ("ethnicity_recorded", models.BooleanField(null=True)),
                ("disability_recorded", models.BooleanField(null=True)),
                (
                    "case_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.casetype"
                    ),
                ),
                (
                    "frame",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="candidates", to="cases.frame"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["frame", "case_type", "reference"], name="candidate_by_type")],
                "constraints": [
                    models.UniqueConstraint(fields=("frame", "reference"), name="candidate_reference_once_a_frame")
                ],
            },
        ),
        migrations.CreateModel(
            name="Sample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("second_grading_percent", models.PositiveSmallIntegerField(default=20)),
                ("plan_fixed_at", models.DateTimeField()),
                ("seed", models.CharField(blank=True, max_length=100)),
                ("drawn_at", models.DateTimeField(null=True)),
                (
                    "drawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "frame",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="samples", to="cases.frame"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
                (
                    "plan_fixed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "number"), name="sample_number_once_an_inspection"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("drawn_at", None), ("seed", "")),
                            models.Q(("drawn_at__isnull", False), models.Q(("seed", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="sample_drawn_has_a_seed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.PositiveSmallIntegerField()),
                (
                    "case_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.casetype"
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plan", to="cases.sample"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("sample", "case_type"), name="plan_line_once_a_type")],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.CharField(max_length=8)),
                ("rank", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("replaced_reason", models.TextField(blank=True)),
                (
                    "candidate",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case", to="cases.candidate"
                    ),
                ),
                (
                    "case_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.casetype"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="cases.case",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="cases.sample"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sample", "case_type", "rank"), name="case_rank_once_a_type"),
                    models.UniqueConstraint(fields=("inspection", "code"), name="case_code_once_an_inspection"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("replaced_at", None), models.Q(("replaced_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="case_replaced_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrameEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("file_name", models.CharField(max_length=200)),
                ("file_sha256", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("imported_at", models.DateTimeField()),
                ("frozen_at", models.DateTimeField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("discarded_at", models.DateTimeField(null=True)),
                (
                    "frozen_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.inspection",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.frame",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SampleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("second_grading_percent", models.PositiveSmallIntegerField(default=20)),
                ("plan_fixed_at", models.DateTimeField()),
                ("seed", models.CharField(blank=True, max_length=100)),
                ("drawn_at", models.DateTimeField(null=True)),
                (
                    "drawn_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "frame",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.frame",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.inspection",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.sample",
                    ),
                ),
                (
                    "plan_fixed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("code", models.CharField(max_length=8)),
                ("rank", models.PositiveIntegerField()),
                ("drawn_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(null=True)),
                ("replaced_reason", models.TextField(blank=True)),
                (
                    "candidate",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.candidate",
                    ),
                ),
                (
                    "case_type",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.casetype",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.inspection",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="cases.case",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.sample",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="frame",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_frameevent" ("digest", "discarded_at", "file_name", "file_sha256", "frozen_at", "frozen_by_id", "id", "imported_at", "imported_by_id", "inspection_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rows", "version") VALUES (NEW."digest", NEW."discarded_at", NEW."file_name", NEW."file_sha256", NEW."frozen_at", NEW."frozen_by_id", NEW."id", NEW."imported_at", NEW."imported_by_id", NEW."inspection_id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rows", NEW."version"); RETURN NULL;',
                    hash="4108d7ccc850ac77f17de2b63294b937062f5bec",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b7486",
                    table="cases_frame",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="frame",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_frameevent" ("digest", "discarded_at", "file_name", "file_sha256", "frozen_at", "frozen_by_id", "id", "imported_at", "imported_by_id", "inspection_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rows", "version") VALUES (NEW."digest", NEW."discarded_at", NEW."file_name", NEW."file_sha256", NEW."frozen_at", NEW."frozen_by_id", NEW."id", NEW."imported_at", NEW."imported_by_id", NEW."inspection_id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rows", NEW."version"); RETURN NULL;',
                    hash="183ad5769394e35f2053687632722f6c22444469",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d7f73",
                    table="cases_frame",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_as_imported",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="d2c4cdaa284703101bea6192177311f18013e425",
                    operation="UPDATE",
                    pgid="pgtrigger_kept_as_imported_b36e8",
                    table="cases_candidate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_takes_no_row",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF EXISTS (\n    SELECT 1 FROM changed_rows JOIN cases_frame ON cases_frame.id = changed_rows.frame_id\n    WHERE cases_frame.frozen_at IS NOT NULL AND cases_frame.discarded_at IS NULL\n) THEN\n    RAISE EXCEPTION 'The frame is frozen: no row can come or go.' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n",
                    hash="04ca8ee728004e7bb3cfb61b0f2e9f66b56e7073",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_frozen_takes_no_row_01ce7",
                    referencing="REFERENCING NEW TABLE AS changed_rows ",
                    table="cases_candidate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="candidate",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_loses_no_row",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF EXISTS (\n    SELECT 1 FROM changed_rows JOIN cases_frame ON cases_frame.id = changed_rows.frame_id\n    WHERE cases_frame.frozen_at IS NOT NULL AND cases_frame.discarded_at IS NULL\n) THEN\n    RAISE EXCEPTION 'The frame is frozen: no row can come or go.' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NULL;\n",
                    hash="f2c7814336f5f1e6566eb508be5f9ab19922a2b0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_frozen_loses_no_row_c3dbe",
                    referencing="REFERENCING OLD TABLE AS changed_rows ",
                    table="cases_candidate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sample",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_sampleevent" ("drawn_at", "drawn_by_id", "frame_id", "id", "inspection_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_fixed_at", "plan_fixed_by_id", "second_grading_percent", "seed", "version") VALUES (NEW."drawn_at", NEW."drawn_by_id", NEW."frame_id", NEW."id", NEW."inspection_id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan_fixed_at", NEW."plan_fixed_by_id", NEW."second_grading_percent", NEW."seed", NEW."version"); RETURN NULL;',
                    hash="34618f7e6ddc53383fdcaf2309a458fc8e2cc2ee",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3fc82",
                    table="cases_sample",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sample",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_sampleevent" ("drawn_at", "drawn_by_id", "frame_id", "id", "inspection_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_fixed_at", "plan_fixed_by_id", "second_grading_percent", "seed", "version") VALUES (NEW."drawn_at", NEW."drawn_by_id", NEW."frame_id", NEW."id", NEW."inspection_id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan_fixed_at", NEW."plan_fixed_by_id", NEW."second_grading_percent", NEW."seed", NEW."version"); RETURN NULL;',
                    hash="41614ae080d225f0a56815b04796f522bd777390",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_33d8b",
                    table="cases_sample",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="planline",
            trigger=pgtrigger.compiler.Trigger(
                name="plan_is_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6e0c34da6a72ed26974a5942ae5f8b0233d8c292",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_plan_is_fixed_68be3",
                    table="cases_planline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "cases_caseevent" ("candidate_id", "case_type_id", "code", "drawn_at", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "replaced_at", "replaced_reason", "replaces_id", "sample_id", "version") VALUES (NEW."candidate_id", NEW."case_type_id", NEW."code", NEW."drawn_at", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rank", NEW."replaced_at", NEW."replaced_reason", NEW."replaces_id", NEW."sample_id", NEW."version"); RETURN NULL;',
                    hash="5ff0329fe28cfec7f5e3e6856ed092336708aa2c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0b483",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "cases_caseevent" ("candidate_id", "case_type_id", "code", "drawn_at", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rank", "replaced_at", "replaced_reason", "replaces_id", "sample_id", "version") VALUES (NEW."candidate_id", NEW."case_type_id", NEW."code", NEW."drawn_at", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rank", NEW."replaced_at", NEW."replaced_reason", NEW."replaces_id", NEW."sample_id", NEW."version"); RETURN NULL;',
                    hash="3071eefbc4c44319c9237b8f9729679bc51e17e0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f5146",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
    ]
    operations = in_few_steps(operations)
