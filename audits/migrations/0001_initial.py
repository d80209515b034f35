import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from ncpi.lib.migrations import in_few_steps


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("ncpi", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                (
                    "force",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.force"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("force", "programme", "number"), name="tool_number_once_a_force")
                ],
            },
        ),
        migrations.CreateModel(
            name="ToolQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("section", models.CharField(max_length=100)),
                ("ask", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale", "Yes, partly, no"),
                            ("completeness", "Recorded or not"),
                            ("text", "In words"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_required", models.BooleanField()),
                ("follow_up", models.TextField(blank=True)),
                ("escalates", models.BooleanField(default=False)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.area"
                    ),
                ),
                (
                    "case_type",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.casetype"
                    ),
                ),
                (
                    "tool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="audits.tool"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tool", "key"), name="tool_question_key_once_a_tool"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["scale", "completeness", "text"])),
                        name="tool_question_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("first", "First auditor"),
                            ("second", "Second auditor"),
                            ("agreed", "Agreed"),
                            ("inspector", "Inspector"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("allocated", "To do"), ("started", "Started"), ("submitted", "Submitted")],
                        default="allocated",
                        max_length=20,
                    ),
                ),
                ("due_date", models.DateField(null=True)),
                ("strengths", models.TextField(blank=True)),
                ("learning", models.TextField(blank=True)),
                ("grade_reason", models.TextField(blank=True)),
                ("allocated_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                (
                    "allocated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "auditor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="audits", to="cases.case"
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.grade"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
                (
                    "tool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="audits", to="audits.tool"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["inspection", "state"], name="audit_by_inspection")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("case", "capacity"), name="audit_one_a_capacity"
                    ),
                    models.UniqueConstraint(fields=("case", "auditor"), name="audit_never_the_same_person_twice"),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ["first", "second"])), name="audit_capacity_is_an_auditors"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["allocated", "started", "submitted"])),
                        name="audit_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "submitted"), _negated=True),
                            models.Q(
                                ("grade__isnull", False),
                                ("submitted_at__isnull", False),
                                models.Q(("grade_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="audit_submitted_is_graded_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("partly", "Partly"),
                            ("no", "No"),
                            ("not_applicable", "Not applicable"),
                            ("cannot_tell", "Cannot tell from the record"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField()),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="audits.audit"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="audits.toolquestion"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["inspection", "question", "value"], include=("audit",), name="answer_for_figures"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("audit", "question"), name="answer_once_a_question"),
                    models.CheckConstraint(
                        condition=models.Q(("value__in", ["", "yes", "partly", "no", "not_applicable", "cannot_tell"])),
                        name="answer_value_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("action_id", models.BigIntegerField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.area"
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="audits.audit"
                    ),
                ),
                (
                    "by",
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("acknowledged", "Acknowledged"),
                            ("resolved", "Acted on, waiting to be closed"),
                            ("closed", "Closed"),
                        ],
                        default="raised",
                        max_length=20,
                    ),
                ),
                ("text", models.TextField()),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("done", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="audits.audit",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="concerns", to="cases.case"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["raised", "acknowledged", "resolved", "closed"])),
                        name="concern_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", None),
                            models.Q(("closed_by", models.F("resolved_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="concern_closed_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="concern_closed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("first", "First auditor"),
                            ("second", "Second auditor"),
                            ("agreed", "Agreed"),
                            ("inspector", "Inspector"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "audit",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grading",
                        to="audits.audit",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="gradings", to="cases.case"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="audits.grading",
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.grade"),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["inspection", "capacity"], name="grading_by_inspection")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("corrects", None)),
                        fields=("case", "capacity"),
                        name="grading_one_a_capacity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ["first", "second", "agreed", "inspector"])),
                        name="grading_capacity_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="grading_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Moderation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("single", "One grading only"),
                            ("equal", "Both gradings are equal"),
                            ("same_side", "One step apart on the same side of good"),
                            ("moderated", "Decided by a moderator"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("criterion_key", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "agreed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moderation", to="audits.grading"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moderations", to="cases.case"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.grading"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audits.grading"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="audits.toolquestion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["single", "equal", "same_side", "moderated"])),
                        name="moderation_rule_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule", "moderated"), _negated=True),
                            models.Q(
                                models.Q(("reason", ""), _negated=True), models.Q(("criterion_key", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="moderation_has_reason_and_criterion",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("first", "First auditor"),
                            ("second", "Second auditor"),
                            ("agreed", "Agreed"),
                            ("inspector", "Inspector"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("allocated", "To do"), ("started", "Started"), ("submitted", "Submitted")],
                        default="allocated",
                        max_length=20,
                    ),
                ),
                ("due_date", models.DateField(null=True)),
                ("strengths", models.TextField(blank=True)),
                ("learning", models.TextField(blank=True)),
                ("grade_reason", models.TextField(blank=True)),
                ("allocated_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_reason", models.CharField(blank=True, max_length=300)),
                (
                    "allocated_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "auditor",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.grade",
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
                        to="audits.audit",
                    ),
                ),
                (
                    "tool",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="audits.tool",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AnswerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes"),
                            ("partly", "Partly"),
                            ("no", "No"),
                            ("not_applicable", "Not applicable"),
                            ("cannot_tell", "Cannot tell from the record"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField()),
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
                        to="audits.answer",
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="audits.audit",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="audits.toolquestion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FindingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("action_id", models.BigIntegerField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.area",
                    ),
                ),
                (
                    "audit",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="audits.audit",
                    ),
                ),
                (
                    "by",
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
                        to="audits.finding",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ConcernEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("acknowledged", "Acknowledged"),
                            ("resolved", "Acted on, waiting to be closed"),
                            ("closed", "Closed"),
                        ],
                        default="raised",
                        max_length=20,
                    ),
                ),
                ("text", models.TextField()),
                ("raised_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("done", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "acknowledged_by",
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
                    "audit",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="audits.audit",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "closed_by",
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
                        to="audits.concern",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
        pgtrigger.migrations.AddTrigger(
            model_name="concern",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "audits_concernevent" ("acknowledged_at", "acknowledged_by_id", "audit_id", "case_id", "closed_at", "closed_by_id", "done", "due_at", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id", "resolved_at", "resolved_by_id", "state", "text", "version") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."audit_id", NEW."case_id", NEW."closed_at", NEW."closed_by_id", NEW."done", NEW."due_at", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."raised_at", NEW."raised_by_id", NEW."resolved_at", NEW."resolved_by_id", NEW."state", NEW."text", NEW."version"); RETURN NULL;',
                    hash="b76c742bc006c675e5d8def7266c11ebf08e5d2f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7a1ae",
                    table="audits_concern",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="concern",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "audits_concernevent" ("acknowledged_at", "acknowledged_by_id", "audit_id", "case_id", "closed_at", "closed_by_id", "done", "due_at", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id", "resolved_at", "resolved_by_id", "state", "text", "version") VALUES (NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."audit_id", NEW."case_id", NEW."closed_at", NEW."closed_by_id", NEW."done", NEW."due_at", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."raised_at", NEW."raised_by_id", NEW."resolved_at", NEW."resolved_by_id", NEW."state", NEW."text", NEW."version"); RETURN NULL;',
                    hash="78b2b24cdfb035e9432c7790dc53fbb94979a682",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d118b",
                    table="audits_concern",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "audits_findingevent" ("action_id", "area_id", "at", "audit_id", "by_id", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version") VALUES (NEW."action_id", NEW."area_id", NEW."at", NEW."audit_id", NEW."by_id", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text", NEW."version"); RETURN NULL;',
                    hash="18fa273a3aa76faea4447e26a7c390b6f988278d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a7fc3",
                    table="audits_finding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "audits_findingevent" ("action_id", "area_id", "at", "audit_id", "by_id", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version") VALUES (NEW."action_id", NEW."area_id", NEW."at", NEW."audit_id", NEW."by_id", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text", NEW."version"); RETURN NULL;',
                    hash="4dca14f8b97c38e5d6e8bc5d7da3acb17c39631f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_79e16",
                    table="audits_finding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grading",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_as_made",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2bddd19172497254ab43240266ca8de7be66ee74",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_kept_as_made_6b641",
                    table="audits_grading",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tool",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_as_made",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="92ac82dba57c17950a8226a2f456e7accb1d7bc2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_kept_as_made_6dfe7",
                    table="audits_tool",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="audit",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "audits_auditevent" ("allocated_at", "allocated_by_id", "auditor_id", "capacity", "case_id", "due_date", "ended_at", "ended_reason", "grade_id", "grade_reason", "id", "inspection_id", "learning", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "state", "strengths", "submitted_at", "tool_id", "version") VALUES (NEW."allocated_at", NEW."allocated_by_id", NEW."auditor_id", NEW."capacity", NEW."case_id", NEW."due_date", NEW."ended_at", NEW."ended_reason", NEW."grade_id", NEW."grade_reason", NEW."id", NEW."inspection_id", NEW."learning", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."started_at", NEW."state", NEW."strengths", NEW."submitted_at", NEW."tool_id", NEW."version"); RETURN NULL;',
                    hash="7ad98d78c2ccb63f848ca9ff5129b08ed3bb4785",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0d463",
                    table="audits_audit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="audit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "audits_auditevent" ("allocated_at", "allocated_by_id", "auditor_id", "capacity", "case_id", "due_date", "ended_at", "ended_reason", "grade_id", "grade_reason", "id", "inspection_id", "learning", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "state", "strengths", "submitted_at", "tool_id", "version") VALUES (NEW."allocated_at", NEW."allocated_by_id", NEW."auditor_id", NEW."capacity", NEW."case_id", NEW."due_date", NEW."ended_at", NEW."ended_reason", NEW."grade_id", NEW."grade_reason", NEW."id", NEW."inspection_id", NEW."learning", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."started_at", NEW."state", NEW."strengths", NEW."submitted_at", NEW."tool_id", NEW."version"); RETURN NULL;',
                    hash="c02364fea99703c41584ec146609a2bb9fd2dc22",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_854cb",
                    table="audits_audit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="toolquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_as_made",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3d051208ad22e17e44d1e92ce973e0a60913c97e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_kept_as_made_bcab6",
                    table="audits_toolquestion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="moderation",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_as_made",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="aa6999008dabe5d86d7118c53dd06e858099e4cd",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_kept_as_made_baa38",
                    table="audits_moderation",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "audits_answerevent" ("answered_at", "audit_id", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_id", "text", "value", "version") VALUES (NEW."answered_at", NEW."audit_id", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."question_id", NEW."text", NEW."value", NEW."version"); RETURN NULL;',
                    hash="9901034c7f214a147412759c6a82f2abe5f235ff",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a20d4",
                    table="audits_answer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="answer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "audits_answerevent" ("answered_at", "audit_id", "id", "inspection_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question_id", "text", "value", "version") VALUES (NEW."answered_at", NEW."audit_id", NEW."id", NEW."inspection_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."question_id", NEW."text", NEW."value", NEW."version"); RETURN NULL;',
                    hash="f044b23d28f72dbeb44dc6b0ce7a0f7dd440ff87",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d9b5e",
                    table="audits_answer",
                    when="AFTER",
                ),
            ),
        ),
    ]
    operations = in_few_steps(operations)
