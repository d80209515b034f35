import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from ncpi.lib.migrations import in_few_steps


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("is_active", models.BooleanField(default=True)),
                ("is_operator", models.BooleanField(default=False)),
                ("is_demonstration", models.BooleanField(default=False)),
                ("last_seen_at", models.DateTimeField(null=True)),
                ("session_epoch", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="user_email_is_unique_whatever_the_case"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField()),
                ("target", models.CharField(blank=True, max_length=500)),
                ("created_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="submission_once_a_form")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=120)),
                ("data", models.JSONField()),
                ("updated_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "form"), name="draft_one_a_form")],
            },
        ),
        migrations.CreateModel(
            name="Force",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=120, unique=True)),
                ("slug", models.SlugField(unique=True)),
                ("suppression_threshold", models.PositiveSmallIntegerField(default=5)),
                ("is_demonstration", models.BooleanField(default=False)),
                ("clock_offset", models.DurationField(default=datetime.timedelta)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clock_offset", datetime.timedelta(0)), ("is_demonstration", True), _connector="OR"
                        ),
                        name="force_clock_is_real_unless_demonstration",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Force administrator"),
                            ("coordinator", "Inspection co-ordinator"),
                            ("lead", "Safeguarding lead"),
                            ("reviewer", "Reviewer"),
                            ("auditor", "Case auditor"),
                            ("moderator", "Moderator"),
                            ("chief_officer", "Chief officer"),
                            ("inspector", "Inspector"),
                            ("board_member", "Board member"),
                            ("action_owner", "Action owner"),
                            ("information_governance", "Information governance"),
                        ],
                        max_length=30,
                    ),
                ),
                ("starts_date", models.DateField()),
                ("ends_date", models.DateField(blank=True, null=True)),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="ncpi.force"
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "administrator",
                                    "coordinator",
                                    "lead",
                                    "reviewer",
                                    "auditor",
                                    "moderator",
                                    "chief_officer",
                                    "inspector",
                                    "board_member",
                                    "action_owner",
                                    "information_governance",
                                ],
                            )
                        ),
                        name="membership_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_date", None), ("ends_date__gte", models.F("starts_date")), _connector="OR"
                        ),
                        name="membership_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_date", None)),
                        fields=("user", "force", "role"),
                        name="membership_one_open_a_role",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("verb", models.CharField(max_length=60)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("subject", models.CharField(max_length=200)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.force"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["force", "-at", "-id"], name="journal_by_force"),
                    models.Index(fields=["subject_type", "subject_id"], name="journal_by_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField()),
                ("edition", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("version_label", models.CharField(max_length=200)),
                ("source_title", models.CharField(max_length=300)),
                ("source_address", models.URLField(max_length=500)),
                ("source_note", models.TextField(blank=True)),
                ("graded", models.CharField(choices=[("case", "Each case"), ("topic", "Each topic")], max_length=10)),
                ("self_assessment_asked", models.BooleanField()),
                ("case_audit_asked", models.BooleanField()),
                ("switches_basis", models.TextField(blank=True)),
                ("word_limit", models.PositiveIntegerField(null=True)),
                ("in_force_from", models.DateField()),
                ("in_force_to", models.DateField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("adopted_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "edition"), name="programme_one_an_edition"),
                    models.CheckConstraint(
                        condition=models.Q(("graded__in", ["case", "topic"])), name="programme_graded_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=500), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("label", models.CharField(max_length=60)),
                ("is_good_side", models.BooleanField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grades", to="ncpi.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "key"), name="grade_key_once_a_programme")
                ],
            },
        ),
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=500), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("title", models.CharField(max_length=200)),
                ("summary", models.TextField(blank=True)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="ncpi.programme"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("programme", "key"), name="area_key_once_a_programme")],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=500), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "looks_for",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="criteria", to="ncpi.area"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("area", "key"), name="criterion_key_once_an_area")],
            },
        ),
        migrations.CreateModel(
            name="CaseType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=500), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("title", models.CharField(max_length=200)),
                ("report_label", models.CharField(blank=True, max_length=300)),
                ("default_sample", models.PositiveSmallIntegerField()),
                (
                    "default_sample_basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="case_types", to="ncpi.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "key"), name="case_type_key_once_a_programme")
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=500), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
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
                ("part_of", models.CharField(blank=True, max_length=60)),
                (
                    "area",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="ncpi.area"
                    ),
                ),
                (
                    "case_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="ncpi.casetype",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="ncpi.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "key"), name="question_key_once_a_programme"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["scale", "completeness", "text"])),
                        name="question_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=500), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("interview", "Interview"),
                            ("focus_group", "Focus group"),
                            ("observation", "Meeting to observe"),
                            ("briefing", "Briefing"),
                            ("feedback", "Feedback"),
                        ],
                        max_length=20,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField()),
                ("size", models.PositiveSmallIntegerField()),
                ("inspectors", models.PositiveSmallIntegerField()),
                ("who", models.CharField(blank=True, max_length=300)),
                ("wanted", models.PositiveSmallIntegerField(default=1)),
                ("priority", models.PositiveSmallIntegerField(default=2)),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("areas", models.ManyToManyField(related_name="+", to="ncpi.area")),
                ("criteria", models.ManyToManyField(related_name="+", to="ncpi.criterion")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="session_kinds", to="ncpi.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "key"), name="session_kind_key_once_a_programme"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("form__in", ["interview", "focus_group", "observation", "briefing", "feedback"])
                        ),
                        name="session_kind_form_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.URLField(max_length=500), default=list, size=None
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("milestone", "Milestone of the inspection"),
                            ("clock", "Clock that publication starts"),
                            ("recommendation", "Deadline of a recommendation"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "counts_from",
                    models.CharField(
                        choices=[
                            ("notice", "Notice"),
                            ("fieldwork_start", "Start of fieldwork"),
                            ("fieldwork_end", "End of fieldwork"),
                            ("publication", "Publication"),
                        ],
                        max_length=20,
                    ),
                ),
                ("days", models.SmallIntegerField(null=True)),
                ("months", models.SmallIntegerField(null=True)),
                ("is_fixed_date", models.BooleanField(default=False)),
                (
                    "counting",
                    models.CharField(
                        choices=[
                            ("after", "After: the next day is day 1"),
                            ("beginning_with", "Beginning with: the day itself is day 1"),
                            ("before", "Before"),
                        ],
                        default="after",
                        max_length=20,
                    ),
                ),
                (
                    "roll",
                    models.CharField(
                        choices=[
                            ("none", "Stays on a weekend"),
                            ("earlier", "Moves to the Friday before a weekend"),
                            ("later", "Moves to the Monday after a weekend"),
                        ],
                        default="none",
                        max_length=10,
                    ),
                ),
                ("asked_when", models.CharField(blank=True, max_length=30)),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deadline_rules", to="ncpi.programme"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "key"), name="deadline_rule_key_once_a_programme"),
                    models.CheckConstraint(
                        condition=models.Q(("days", None), ("months", None), _connector="OR"),
                        name="deadline_rule_days_or_months",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("use__in", ["milestone", "clock", "recommendation"])),
                        name="deadline_rule_use_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("counts_from__in", ["notice", "fieldwork_start", "fieldwork_end", "publication"])
                        ),
                        name="deadline_rule_counts_from_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("full", "Full inspection"),
                            ("reinspection", "Re-inspection"),
                            ("review", "Post-inspection review"),
                        ],
                        default="full",
                        max_length=20,
                    ),
                ),
                ("notice_date", models.DateField()),
                ("fieldwork_start_date", models.DateField()),
                ("fieldwork_end_date", models.DateField()),
                ("publication_date", models.DateField(blank=True, null=True)),
                ("evidence_from_date", models.DateField()),
                ("evidence_to_date", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inspections", to="ncpi.force"
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
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["full", "reinspection", "review"])),
                        name="inspection_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fieldwork_start_date__gte", models.F("notice_date")),
                            ("fieldwork_end_date__gte", models.F("fieldwork_start_date")),
                        ),
                        name="inspection_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("publication_date", None),
                            ("publication_date__gte", models.F("fieldwork_end_date")),
                            _connector="OR",
                        ),
                        name="inspection_published_after_fieldwork",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence_to_date__gte", models.F("evidence_from_date"))),
                        name="inspection_evidence_period_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("due_date", models.DateField()),
                ("is_set_by_hand", models.BooleanField(default=False)),
                ("done_date", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "done_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="milestones", to="ncpi.inspection"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.deadlinerule"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("inspection", "rule"), name="milestone_one_a_rule")],
            },
        ),
        migrations.CreateModel(
            name="ChangeMark",
            fields=[
                (
                    "inspection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="mark",
                        serialize=False,
                        to="ncpi.inspection",
                    ),
                ),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=250)),
                ("publisher", models.CharField(default="HMICFRS", max_length=150)),
                ("about", models.CharField(blank=True, max_length=150)),
                ("published_date", models.DateField(blank=True, null=True)),
                ("source_address", models.URLField(blank=True, max_length=500)),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="ncpi.force"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.CharField(max_length=40)),
                ("text", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("recommendation", "Recommendation"),
                            ("cause_of_concern", "Cause of concern"),
                            ("accelerated_cause_of_concern", "Accelerated cause of concern"),
                            ("area_for_improvement", "Area for improvement"),
                            ("improvement_area", "Improvement area (as reported)"),
                        ],
                        default="recommendation",
                        max_length=30,
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=60)),
                ("deadline_kind", models.CharField(blank=True, max_length=40)),
                ("deadline_basis", models.CharField(blank=True, max_length=20)),
                ("due_date", models.DateField(blank=True, null=True)),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source_address", models.URLField(blank=True, max_length=500)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("awaiting_review", "Awaiting review"),
                            ("will_be_progressed", "Will be progressed"),
                            ("being_progressed", "Being progressed"),
                            ("complete", "Complete"),
                            ("superseded", "Superseded by a later inspection"),
                        ],
                        default="awaiting_review",
                        max_length=20,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ncpi.area",
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recommendations", to="ncpi.force"
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="ncpi.inspection",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="ncpi.recommendation",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recommendations", to="ncpi.report"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("report", "number"), name="recommendation_number_once_a_report"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "recommendation",
                                    "cause_of_concern",
                                    "accelerated_cause_of_concern",
                                    "area_for_improvement",
                                    "improvement_area",
                                ],
                            )
                        ),
                        name="recommendation_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["awaiting_review", "will_be_progressed", "being_progressed", "complete", "superseded"],
                            )
                        ),
                        name="recommendation_status_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("awaiting_review", "Awaiting review"),
                            ("will_be_progressed", "Will be progressed"),
                            ("being_progressed", "Being progressed"),
                            ("complete", "Complete"),
                            ("superseded", "Superseded by a later inspection"),
                        ],
                        max_length=20,
                    ),
                ),
                ("on_date", models.DateField()),
                ("comment", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="trail", to="ncpi.recommendation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["awaiting_review", "will_be_progressed", "being_progressed", "complete", "superseded"],
                            )
                        ),
                        name="status_entry_status_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("raised_date", models.DateField()),
                ("due_date", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Not started"),
                            ("in_progress", "In progress"),
                            ("proving", "Done, effect being tested"),
                            ("closed", "Closed"),
                            ("not_adopted", "Not adopted"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("closed_date", models.DateField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="ncpi.inspection"
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ncpi.criterion",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="ncpi.recommendation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "in_progress", "proving", "closed", "not_adopted"])),
                        name="action_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_date__isnull", False), ("status", "closed")),
                            models.Q(models.Q(("status", "closed"), _negated=True), ("closed_date__isnull", True)),
                            _connector="OR",
                        ),
                        name="action_closed_has_a_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Not started"),
                            ("in_progress", "In progress"),
                            ("proving", "Done, effect being tested"),
                            ("closed", "Closed"),
                            ("not_adopted", "Not adopted"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="ncpi.action"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DateChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_date", models.DateField()),
                ("new_date", models.DateField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="date_changes", to="ncpi.action"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("link", models.URLField(blank=True, max_length=500)),
                ("stored_name", models.CharField(blank=True, max_length=100)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("media_type", models.CharField(blank=True, max_length=100)),
                ("size", models.PositiveIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="ncpi.action"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("worked", models.BooleanField()),
                ("test_of_effect", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="ncpi.action"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                ("args", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sent", "Handed over"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("steps_done", models.PositiveSmallIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("message", models.CharField(blank=True, max_length=300)),
                ("stop_asked", models.BooleanField(default=False)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("result_address", models.CharField(blank=True, max_length=300)),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.force"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "queued")), fields=["due_at"], name="job_due"),
                    models.Index(
                        condition=models.Q(("state__in", ["sent", "running"])),
                        fields=["lease_until"],
                        name="job_leases",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "sent", "running", "done", "failed"])),
                        name="job_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["queued", "sent", "running"])),
                        fields=("kind", "key"),
                        name="job_one_open_a_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("to", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("attachment_name", models.CharField(blank=True, max_length=100)),
                ("attachment_type", models.CharField(blank=True, max_length=100)),
                ("attachment", models.BinaryField(default=bytes)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=60)),
                ("area", models.CharField(blank=True, max_length=60)),
                ("breakdown", models.CharField(blank=True, max_length=120)),
                ("numerator", models.IntegerField(null=True)),
                ("denominator", models.IntegerField(null=True)),
                ("value", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("is_suppressed", models.BooleanField(default=False)),
                ("is_withdrawn", models.BooleanField(default=False)),
                ("as_at", models.DateTimeField()),
                ("source", models.CharField(max_length=60)),
                ("published_at", models.DateTimeField()),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="ncpi.inspection"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["inspection", "measure", "area", "breakdown", "-as_at", "-id"], name="figure_latest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_suppressed", False),
                            models.Q(
                                ("denominator", None),
                                ("high", None),
                                ("low", None),
                                ("numerator", None),
                                ("value", None),
                            ),
                            _connector="OR",
                        ),
                        name="figure_suppressed_has_no_number",
                    ),
                    models.UniqueConstraint(
                        fields=("inspection", "measure", "area", "breakdown", "as_at"), name="figure_once_a_moment"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Summary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField()),
                ("as_at", models.DateTimeField()),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("approved", "Approved"), ("released", "Released")],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("covering_note", models.TextField(blank=True)),
                ("compiled_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("released_by_title", models.CharField(blank=True, max_length=120)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="summaries", to="ncpi.inspection"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.job"
                    ),
                ),
                (
                    "released_by",
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
                    models.UniqueConstraint(fields=("inspection", "number"), name="summary_number_once_an_inspection"),
                    models.UniqueConstraint(fields=("inspection", "digest"), name="summary_one_a_state"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "approved", "released"])),
                        name="summary_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="summary_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True),
                            models.Q(("released_at__isnull", False), ("released_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="summary_released_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SummaryChart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField()),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField()),
                ("svg", models.TextField()),
                ("png", models.BinaryField()),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="charts", to="ncpi.summary"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("summary", "name"), name="summary_chart_once")],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("held_date", models.DateField()),
                ("agenda_item", models.CharField(max_length=20)),
                ("to", models.CharField(max_length=120)),
                ("sender", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=250)),
                ("marking", models.CharField(default="Official", max_length=60)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="ncpi.inspection"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("inspection", "held_date"), name="meeting_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(choices=[("note", "To note"), ("decide", "To decide")], max_length=10)),
                ("text", models.CharField(max_length=500)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="asks", to="ncpi.inspection"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["note", "decide"])), name="ask_kind_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("noted", "Noted"), ("asked", "Asked"), ("decided", "Decided")], max_length=10
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="responses", to="ncpi.summary"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["noted", "asked", "decided"])), name="response_kind_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Arrangement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("opens", models.TimeField(default=datetime.time(8, 0))),
                ("closes", models.TimeField(default=datetime.time(18, 0))),
                ("lunch_from", models.TimeField(default=datetime.time(11, 30))),
                ("lunch_to", models.TimeField(default=datetime.time(14, 30))),
                ("lunch_minutes", models.PositiveSmallIntegerField(default=60)),
                ("inspector_gap_minutes", models.PositiveSmallIntegerField(default=30)),
                ("person_gap_minutes", models.PositiveSmallIntegerField(default=15)),
                ("inspector_sessions_a_day", models.PositiveSmallIntegerField(default=4)),
                ("person_sessions_a_day", models.PositiveSmallIntegerField(default=2)),
                ("rooms", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "inspection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="arrangement", to="ncpi.inspection"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes__gt", models.F("opens"))), name="arrangement_opens_before_it_closes"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("inspector_sessions_a_day__gte", 1), ("person_sessions_a_day__gte", 1)),
                        name="arrangement_allows_a_session_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120)),
                (
                    "band",
                    models.CharField(
                        choices=[
                            ("constable", "Constable or equivalent"),
                            ("sergeant", "Sergeant or equivalent"),
                            ("inspector", "Inspector or chief inspector"),
                            ("superintendent", "Superintendent or chief superintendent"),
                            ("chief", "Chief officer"),
                            ("staff", "Police staff"),
                            ("partner", "Partner agency"),
                        ],
                        max_length=20,
                    ),
                ),
                ("unit", models.CharField(max_length=120)),
                ("organisation", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("max_sessions", models.PositiveSmallIntegerField(default=2)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "force",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="people", to="ncpi.force"
                    ),
                ),
                (
                    "line_manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="ncpi.person",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("force", "reference"), name="person_reference_once_a_force"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "band__in",
                                ["constable", "sergeant", "inspector", "superintendent", "chief", "staff", "partner"],
                            )
                        ),
                        name="person_band_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("line_manager", None),
                            models.Q(("line_manager", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="person_is_not_their_own_manager",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duty", "On duty"),
                            ("offered", "Offered by a partner"),
                            ("leave", "Leave"),
                            ("court", "Court"),
                            ("training", "Training"),
                            ("rest", "Rest day"),
                            ("busy", "Other commitment"),
                        ],
                        max_length=20,
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="ncpi.person"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "duties",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["duty", "offered", "leave", "court", "training", "rest", "busy"])
                        ),
                        name="duty_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("during__isempty", False), ("during__lower_inf", False), ("during__upper_inf", False)
                        ),
                        name="duty_has_a_beginning_and_an_end",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("person", "="), ("kind", "="), ("during", "&&")],
                        name="duty_one_of_a_kind_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Inspector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "specialisms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("max_a_day", models.PositiveSmallIntegerField(default=4)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inspectors", to="ncpi.inspection"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspection", "reference"), name="inspector_reference_once_an_inspection"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="ncpi.inspector"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=150)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("size", models.PositiveSmallIntegerField(default=0)),
                ("inspectors_needed", models.PositiveSmallIntegerField(default=1)),
                ("specialism", models.CharField(blank=True, max_length=60)),
                ("priority", models.PositiveSmallIntegerField(default=1)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("preferences", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("wanted", "Wanted"), ("cancelled", "Cancelled"), ("held", "Took place")],
                        default="wanted",
                        max_length=20,
                    ),
                ),
                ("after", models.ManyToManyField(blank=True, related_name="before", to="ncpi.session")),
                ("areas", models.ManyToManyField(related_name="+", to="ncpi.area")),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="ncpi.inspection"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.sessionkind"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("inspection", "reference"), name="session_reference_once_an_inspection"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["wanted", "cancelled", "held"])),
                        name="session_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 15), ("minutes__lte", 480)),
                        name="session_length_fits_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("inspectors_needed__gte", 1)), name="session_has_an_inspector"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SessionWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="windows", to="ncpi.session"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SessionPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(choices=[("fixed", "Must be there"), ("pool", "May be chosen")], max_length=10),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="asked_for", to="ncpi.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="candidates", to="ncpi.session"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "person"), name="session_person_once"),
                    models.CheckConstraint(
                        condition=models.Q(("part__in", ["fixed", "pool"])), name="session_person_part_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Timetable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("superseded", "Superseded")],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("seed", models.PositiveIntegerField(default=1)),
                ("seconds", models.FloatField(default=0)),
                ("cost", models.JSONField(default=dict)),
                ("bound", models.JSONField(default=dict)),
                ("unplaced", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="timetables", to="ncpi.inspection"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.job"
                    ),
                ),
                (
                    "published_by",
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
                    models.UniqueConstraint(
                        fields=("inspection", "number"), name="timetable_number_once_an_inspection"
                    ),
                    models.UniqueConstraint(fields=("job",), name="timetable_one_a_job"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("inspection",),
                        name="timetable_one_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "published", "superseded"])),
                        name="timetable_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("is_pinned", models.BooleanField(default=False)),
                ("override_reason", models.CharField(blank=True, max_length=300)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="placements", to="ncpi.session"
                    ),
                ),
                (
                    "timetable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="placements", to="ncpi.timetable"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("timetable", "session"), name="placement_once_a_timetable"),
                    models.CheckConstraint(
                        condition=models.Q(("during__isempty", False)), name="placement_has_a_length"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlacementPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="placements", to="ncpi.person"
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="people", to="ncpi.placement"
                    ),
                ),
                (
                    "timetable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ncpi.timetable"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("placement", "person"), name="placement_person_once"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("timetable", "="), ("person", "="), ("during", "&&")],
                        name="placement_person_is_in_one_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlacementInspector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "inspector",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="placements", to="ncpi.inspector"
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="inspectors", to="ncpi.placement"
                    ),
                ),
                (
                    "timetable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="ncpi.timetable"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("placement", "inspector"), name="placement_inspector_once"),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("timetable", "="), ("inspector", "="), ("during", "&&")],
                        name="placement_inspector_is_in_one_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("is_cancelled", models.BooleanField(default=False)),
                (
                    "reply",
                    models.CharField(
                        choices=[("none", "No answer yet"), ("accepted", "Accepted"), ("declined", "Declined")],
                        default="none",
                        max_length=20,
                    ),
                ),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="ncpi.person"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="ncpi.session"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("session", "person"), name="invitation_once_a_session"),
                    models.CheckConstraint(
                        condition=models.Q(("reply__in", ["none", "accepted", "declined"])),
                        name="invitation_reply_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.inspection"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="ncpi.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("narrative", models.TextField(blank=True)),
                ("impact", models.TextField(blank=True)),
                ("gaps", models.TextField(blank=True)),
                ("plan", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("drafting", "Being written"),
                            ("in_review", "In review"),
                            ("returned", "Returned"),
                            ("agreed", "Agreed"),
                        ],
                        default="not_started",
                        max_length=20,
                    ),
                ),
                ("due_date", models.DateField(blank=True, null=True)),
                ("saved_at", models.DateTimeField(null=True)),
                (
                    "carried_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ncpi.judgement",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ncpi.criterion"
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ncpi.grade",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="ncpi.inspection"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "saved_by",
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
                    models.UniqueConstraint(fields=("inspection", "criterion"), name="judgement_one_a_criterion"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["not_started", "drafting", "in_review", "returned", "agreed"])
                        ),
                        name="judgement_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("grade__isnull", False),
                            models.Q(("state__in", ["in_review", "agreed"]), _negated=True),
                            _connector="OR",
                        ),
                        name="judgement_is_graded_before_review",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("sent", "Sent for review"),
                            ("agreed", "Agreed"),
                            ("returned", "Returned"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("judgement_version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "judgement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="ncpi.judgement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("step__in", ["sent", "agreed", "returned", "reopened"])),
                        name="review_step_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "Policy or procedure"),
                            ("data", "Data"),
                            ("audit", "Audit or dip sample"),
                            ("voice", "Voice of the child"),
                            ("partner", "Partner's view"),
                            ("training", "Training"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("period_from_date", models.DateField()),
                ("period_to_date", models.DateField()),
                ("review_date", models.DateField(blank=True, null=True)),
                (
                    "marking",
                    models.CharField(
                        choices=[("official", "OFFICIAL"), ("official_sensitive", "OFFICIAL-SENSITIVE")],
                        default="official",
                        max_length=20,
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=500)),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="ncpi.inspection"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["policy", "data", "audit", "voice", "partner", "training", "other"])
                        ),
                        name="evidence_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("marking__in", ["official", "official_sensitive"])),
                        name="evidence_marking_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_to_date__gte", models.F("period_from_date"))),
                        name="evidence_period_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("stored_name", models.CharField(max_length=100, unique=True)),
                ("file_name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="ncpi.evidence"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("evidence", "number"), name="evidence_file_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("shows", models.CharField(max_length=500)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="ncpi.evidence"
                    ),
                ),
                (
                    "judgement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence_links", to="ncpi.judgement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("evidence", "judgement"),
                        name="evidence_link_once_a_judgement",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("signed_name", models.CharField(max_length=120)),
                ("signed_at", models.DateTimeField()),
                ("statement", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("signed_state", models.TextField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ncpi.area",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="ncpi.inspection"
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supersedes",
                        to="ncpi.signature",
                    ),
                ),
                (
                    "withdrawn_by",
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
                        condition=models.Q(
                            models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                            models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="signature_withdrawn_by_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MembershipEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Force administrator"),
                            ("coordinator", "Inspection co-ordinator"),
                            ("lead", "Safeguarding lead"),
                            ("reviewer", "Reviewer"),
                            ("auditor", "Case auditor"),
                            ("moderator", "Moderator"),
                            ("chief_officer", "Chief officer"),
                            ("inspector", "Inspector"),
                            ("board_member", "Board member"),
                            ("action_owner", "Action owner"),
                            ("information_governance", "Information governance"),
                        ],
                        max_length=30,
                    ),
                ),
                ("starts_date", models.DateField()),
                ("ends_date", models.DateField(blank=True, null=True)),
                (
                    "force",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.force",
                    ),
                ),
                (
                    "granted_by",
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
                        to="ncpi.membership",
                    ),
                ),
                (
                    "user",
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
            name="ForceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(db_index=False)),
                ("suppression_threshold", models.PositiveSmallIntegerField(default=5)),
                ("is_demonstration", models.BooleanField(default=False)),
                ("clock_offset", models.DurationField(default=datetime.timedelta)),
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
                        to="ncpi.force",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="InspectionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("ref", models.SlugField(db_index=False)),
                ("name", models.CharField(max_length=150)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("full", "Full inspection"),
                            ("reinspection", "Re-inspection"),
                            ("review", "Post-inspection review"),
                        ],
                        default="full",
                        max_length=20,
                    ),
                ),
                ("notice_date", models.DateField()),
                ("fieldwork_start_date", models.DateField()),
                ("fieldwork_end_date", models.DateField()),
                ("publication_date", models.DateField(blank=True, null=True)),
                ("evidence_from_date", models.DateField()),
                ("evidence_to_date", models.DateField()),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "force",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.force",
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
                        to="ncpi.inspection",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MilestoneEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("due_date", models.DateField()),
                ("is_set_by_hand", models.BooleanField(default=False)),
                ("done_date", models.DateField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "done_by",
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
                        to="ncpi.milestone",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.deadlinerule",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReportEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=250)),
                ("publisher", models.CharField(default="HMICFRS", max_length=150)),
                ("about", models.CharField(blank=True, max_length=150)),
                ("published_date", models.DateField(blank=True, null=True)),
                ("source_address", models.URLField(blank=True, max_length=500)),
                (
                    "force",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.force",
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
                        to="ncpi.report",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecommendationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.CharField(max_length=40)),
                ("text", models.TextField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("recommendation", "Recommendation"),
                            ("cause_of_concern", "Cause of concern"),
                            ("accelerated_cause_of_concern", "Accelerated cause of concern"),
                            ("area_for_improvement", "Area for improvement"),
                            ("improvement_area", "Improvement area (as reported)"),
                        ],
                        default="recommendation",
                        max_length=30,
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=60)),
                ("deadline_kind", models.CharField(blank=True, max_length=40)),
                ("deadline_basis", models.CharField(blank=True, max_length=20)),
                ("due_date", models.DateField(blank=True, null=True)),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("text", "Wording seen on the inspectorate's page"),
                            ("reports", "Built from published reports"),
                            ("composed", "Composed from findings"),
                            ("recalled", "Recalled, not seen"),
                        ],
                        max_length=10,
                    ),
                ),
                ("source_address", models.URLField(blank=True, max_length=500)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("awaiting_review", "Awaiting review"),
                            ("will_be_progressed", "Will be progressed"),
                            ("being_progressed", "Being progressed"),
                            ("complete", "Complete"),
                            ("superseded", "Superseded by a later inspection"),
                        ],
                        default="awaiting_review",
                        max_length=20,
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.area",
                    ),
                ),
                (
                    "force",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.force",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.inspection",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="ncpi.recommendation",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.recommendation",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.report",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ActionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                ("detail", models.TextField(blank=True)),
                ("next_step", models.CharField(blank=True, max_length=300)),
                ("raised_date", models.DateField()),
                ("due_date", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Not started"),
                            ("in_progress", "In progress"),
                            ("proving", "Done, effect being tested"),
                            ("closed", "Closed"),
                            ("not_adopted", "Not adopted"),
                        ],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("closed_date", models.DateField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="ncpi.action",
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
                    "criterion",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.criterion",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.recommendation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SummaryEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField()),
                ("as_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("approved", "Approved"), ("released", "Released")],
                        default="draft",
                        max_length=20,
                    ),
                ),
                ("covering_note", models.TextField(blank=True)),
                ("compiled_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("released_by_title", models.CharField(blank=True, max_length=120)),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
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
                    "job",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.job",
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
                        to="ncpi.summary",
                    ),
                ),
                (
                    "released_by",
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
        migrations.CreateModel(
            name="MeetingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("held_date", models.DateField()),
                ("agenda_item", models.CharField(max_length=20)),
                ("to", models.CharField(max_length=120)),
                ("sender", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=250)),
                ("marking", models.CharField(default="Official", max_length=60)),
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
                        to="ncpi.meeting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AskEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("kind", models.CharField(choices=[("note", "To note"), ("decide", "To decide")], max_length=10)),
                ("text", models.CharField(max_length=500)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
                        to="ncpi.ask",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ArrangementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("opens", models.TimeField(default=datetime.time(8, 0))),
                ("closes", models.TimeField(default=datetime.time(18, 0))),
                ("lunch_from", models.TimeField(default=datetime.time(11, 30))),
                ("lunch_to", models.TimeField(default=datetime.time(14, 30))),
                ("lunch_minutes", models.PositiveSmallIntegerField(default=60)),
                ("inspector_gap_minutes", models.PositiveSmallIntegerField(default=30)),
                ("person_gap_minutes", models.PositiveSmallIntegerField(default=15)),
                ("inspector_sessions_a_day", models.PositiveSmallIntegerField(default=4)),
                ("person_sessions_a_day", models.PositiveSmallIntegerField(default=2)),
                ("rooms", models.PositiveSmallIntegerField(blank=True, null=True)),
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
                        to="ncpi.arrangement",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PersonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("job_title", models.CharField(blank=True, max_length=120)),
                (
                    "band",
                    models.CharField(
                        choices=[
                            ("constable", "Constable or equivalent"),
                            ("sergeant", "Sergeant or equivalent"),
                            ("inspector", "Inspector or chief inspector"),
                            ("superintendent", "Superintendent or chief superintendent"),
                            ("chief", "Chief officer"),
                            ("staff", "Police staff"),
                            ("partner", "Partner agency"),
                        ],
                        max_length=20,
                    ),
                ),
                ("unit", models.CharField(max_length=120)),
                ("organisation", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(max_length=254)),
                ("max_sessions", models.PositiveSmallIntegerField(default=2)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "force",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.force",
                    ),
                ),
                (
                    "line_manager",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.person",
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
                        to="ncpi.person",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
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
        migrations.CreateModel(
            name="InspectorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "specialisms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("max_a_day", models.PositiveSmallIntegerField(default=4)),
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
                        to="ncpi.inspector",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
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
        migrations.CreateModel(
            name="SessionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("reference", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=150)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("size", models.PositiveSmallIntegerField(default=0)),
                ("inspectors_needed", models.PositiveSmallIntegerField(default=1)),
                ("specialism", models.CharField(blank=True, max_length=60)),
                ("priority", models.PositiveSmallIntegerField(default=1)),
                ("link", models.URLField(blank=True, max_length=500)),
                ("preferences", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("wanted", "Wanted"), ("cancelled", "Cancelled"), ("held", "Took place")],
                        default="wanted",
                        max_length=20,
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
                        to="ncpi.session",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.sessionkind",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JudgementEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("narrative", models.TextField(blank=True)),
                ("impact", models.TextField(blank=True)),
                ("gaps", models.TextField(blank=True)),
                ("plan", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("drafting", "Being written"),
                            ("in_review", "In review"),
                            ("returned", "Returned"),
                            ("agreed", "Agreed"),
                        ],
                        default="not_started",
                        max_length=20,
                    ),
                ),
                ("due_date", models.DateField(blank=True, null=True)),
                ("saved_at", models.DateTimeField(null=True)),
                (
                    "carried_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.judgement",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.criterion",
                    ),
                ),
                (
                    "grade",
                    models.ForeignKey(
                        blank=True,
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
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="ncpi.judgement",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "saved_by",
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
        migrations.CreateModel(
            name="EvidenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("policy", "Policy or procedure"),
                            ("data", "Data"),
                            ("audit", "Audit or dip sample"),
                            ("voice", "Voice of the child"),
                            ("partner", "Partner's view"),
                            ("training", "Training"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("period_from_date", models.DateField()),
                ("period_to_date", models.DateField()),
                ("review_date", models.DateField(blank=True, null=True)),
                (
                    "marking",
                    models.CharField(
                        choices=[("official", "OFFICIAL"), ("official_sensitive", "OFFICIAL-SENSITIVE")],
                        default="official",
                        max_length=20,
                    ),
                ),
                ("link", models.URLField(blank=True, max_length=500)),
                ("added_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
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
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        to="ncpi.evidence",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EvidenceLinkEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("shows", models.CharField(max_length=500)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.evidence",
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
                        to="ncpi.evidencelink",
                    ),
                ),
                (
                    "judgement",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="ncpi.judgement",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="force",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_forceevent" ("clock_offset", "id", "is_demonstration", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "suppression_threshold", "version") VALUES (NEW."clock_offset", NEW."id", NEW."is_demonstration", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."suppression_threshold", NEW."version"); RETURN NULL;',
                    hash="966dd82e99e5d9c0df63d7fbe69edc153d38cb7f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_4e5ba",
                    table="ncpi_force",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="force",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_forceevent" ("clock_offset", "id", "is_demonstration", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "suppression_threshold", "version") VALUES (NEW."clock_offset", NEW."id", NEW."is_demonstration", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."suppression_threshold", NEW."version"); RETURN NULL;',
                    hash="557379310c3d70d3a1061b23db4a05f249b09ff9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_adc0f",
                    table="ncpi_force",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programme",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="beecd3928ceb9988feeb1bec73c7c3e20ae71a98",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_df02b",
                    table="ncpi_programme",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ask",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_askevent" ("id", "inspection_id", "kind", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version", "withdrawn_at") VALUES (NEW."id", NEW."inspection_id", NEW."kind", NEW."order", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text", NEW."version", NEW."withdrawn_at"); RETURN NULL;',
                    hash="182dff0958655744007aafea56c4b92639337938",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2e0db",
                    table="ncpi_ask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ask",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_askevent" ("id", "inspection_id", "kind", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "version", "withdrawn_at") VALUES (NEW."id", NEW."inspection_id", NEW."kind", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text", NEW."version", NEW."withdrawn_at"); RETURN NULL;',
                    hash="ce347f546449ba1e346be3ab047142be276ab292",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6340b",
                    table="ncpi_ask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="arrangement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_arrangementevent" ("closes", "id", "inspection_id", "inspector_gap_minutes", "inspector_sessions_a_day", "lunch_from", "lunch_minutes", "lunch_to", "opens", "person_gap_minutes", "person_sessions_a_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rooms", "version") VALUES (NEW."closes", NEW."id", NEW."inspection_id", NEW."inspector_gap_minutes", NEW."inspector_sessions_a_day", NEW."lunch_from", NEW."lunch_minutes", NEW."lunch_to", NEW."opens", NEW."person_gap_minutes", NEW."person_sessions_a_day", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rooms", NEW."version"); RETURN NULL;',
                    hash="84f36bd21e20d7879323068c8976347c6ada3655",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cd4e7",
                    table="ncpi_arrangement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="arrangement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_arrangementevent" ("closes", "id", "inspection_id", "inspector_gap_minutes", "inspector_sessions_a_day", "lunch_from", "lunch_minutes", "lunch_to", "opens", "person_gap_minutes", "person_sessions_a_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rooms", "version") VALUES (NEW."closes", NEW."id", NEW."inspection_id", NEW."inspector_gap_minutes", NEW."inspector_sessions_a_day", NEW."lunch_from", NEW."lunch_minutes", NEW."lunch_to", NEW."opens", NEW."person_gap_minutes", NEW."person_sessions_a_day", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rooms", NEW."version"); RETURN NULL;',
                    hash="e1d5a1e0a80e8e45d8096afbb9c0be6a28c37013",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6381a",
                    table="ncpi_arrangement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="criterion",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="27b74d59455ebd4b915097d1886d6bd65406bf26",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_99cc4",
                    table="ncpi_criterion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_evidenceevent" ("added_at", "id", "inspection_id", "kind", "link", "marking", "owner_id", "period_from_date", "period_to_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_date", "title", "version", "withdrawn_at") VALUES (NEW."added_at", NEW."id", NEW."inspection_id", NEW."kind", NEW."link", NEW."marking", NEW."owner_id", NEW."period_from_date", NEW."period_to_date", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."review_date", NEW."title", NEW."version", NEW."withdrawn_at"); RETURN NULL;',
                    hash="7549ae03909f49106a5a158b54cba79b27693ccf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_78f68",
                    table="ncpi_evidence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_evidenceevent" ("added_at", "id", "inspection_id", "kind", "link", "marking", "owner_id", "period_from_date", "period_to_date", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_date", "title", "version", "withdrawn_at") VALUES (NEW."added_at", NEW."id", NEW."inspection_id", NEW."kind", NEW."link", NEW."marking", NEW."owner_id", NEW."period_from_date", NEW."period_to_date", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."review_date", NEW."title", NEW."version", NEW."withdrawn_at"); RETURN NULL;',
                    hash="ba4d084f4e63a860184f84bb011a1d2ef97f6c23",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e840d",
                    table="ncpi_evidence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidencefile",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_as_uploaded",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a7dabb561cdaa28a9cb44f3b8882bfb62b0c11f4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_kept_as_uploaded_a004c",
                    table="ncpi_evidencefile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="figure",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="35cac93e1e6a0e6cc824561f619fec69cbf92030",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_aa1cc",
                    table="ncpi_figure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inspector",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_inspectorevent" ("email", "id", "inspection_id", "max_a_day", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "specialisms", "user_id", "version") VALUES (NEW."email", NEW."id", NEW."inspection_id", NEW."max_a_day", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."specialisms", NEW."user_id", NEW."version"); RETURN NULL;',
                    hash="7d36cb73dbf4503ea78744c38e5f33cce008c36f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2eae7",
                    table="ncpi_inspector",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inspector",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_inspectorevent" ("email", "id", "inspection_id", "max_a_day", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "specialisms", "user_id", "version") VALUES (NEW."email", NEW."id", NEW."inspection_id", NEW."max_a_day", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."specialisms", NEW."user_id", NEW."version"); RETURN NULL;',
                    hash="fac206620ae03b18e9f2cfa11bf8e247788e7c24",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_047e2",
                    table="ncpi_inspector",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cb6d468d337d4da8d5cd15727e8470d6ec4926ee",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_27f7a",
                    table="ncpi_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="judgement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_judgementevent" ("carried_from_id", "criterion_id", "due_date", "gaps", "grade_id", "id", "impact", "inspection_id", "lead_id", "narrative", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "reviewer_id", "saved_at", "saved_by_id", "state", "version") VALUES (NEW."carried_from_id", NEW."criterion_id", NEW."due_date", NEW."gaps", NEW."grade_id", NEW."id", NEW."impact", NEW."inspection_id", NEW."lead_id", NEW."narrative", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."plan", NEW."reviewer_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."version"); RETURN NULL;',
                    hash="afef80d34416a41160ca76f1cd9dac90dfc6f967",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2a6e9",
                    table="ncpi_judgement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="judgement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_judgementevent" ("carried_from_id", "criterion_id", "due_date", "gaps", "grade_id", "id", "impact", "inspection_id", "lead_id", "narrative", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan", "reviewer_id", "saved_at", "saved_by_id", "state", "version") VALUES (NEW."carried_from_id", NEW."criterion_id", NEW."due_date", NEW."gaps", NEW."grade_id", NEW."id", NEW."impact", NEW."inspection_id", NEW."lead_id", NEW."narrative", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."plan", NEW."reviewer_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."version"); RETURN NULL;',
                    hash="e289ddcadbbf1c716038f5c44ddb30c19ca917eb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_524b1",
                    table="ncpi_judgement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidencelink",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_evidencelinkevent" ("added_at", "added_by_id", "evidence_id", "id", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "shows", "version") VALUES (NEW."added_at", NEW."added_by_id", NEW."evidence_id", NEW."id", NEW."judgement_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_at", NEW."shows", NEW."version"); RETURN NULL;',
                    hash="3c1f51f35bb2fb4143eac804ad846248fa1ff0f0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_34b71",
                    table="ncpi_evidencelink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidencelink",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_evidencelinkevent" ("added_at", "added_by_id", "evidence_id", "id", "judgement_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "shows", "version") VALUES (NEW."added_at", NEW."added_by_id", NEW."evidence_id", NEW."id", NEW."judgement_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_at", NEW."shows", NEW."version"); RETURN NULL;',
                    hash="b3f2547cb753ec70f1f7f74af6ac5de5b284a850",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_285b6",
                    table="ncpi_evidencelink",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_meetingevent" ("agenda_item", "held_date", "id", "inspection_id", "marking", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sender", "title", "to", "version") VALUES (NEW."agenda_item", NEW."held_date", NEW."id", NEW."inspection_id", NEW."marking", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."sender", NEW."title", NEW."to", NEW."version"); RETURN NULL;',
                    hash="38b626f5cff4a154bb6c394685444462173c7b26",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0ccdb",
                    table="ncpi_meeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_meetingevent" ("agenda_item", "held_date", "id", "inspection_id", "marking", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "sender", "title", "to", "version") VALUES (NEW."agenda_item", NEW."held_date", NEW."id", NEW."inspection_id", NEW."marking", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."sender", NEW."title", NEW."to", NEW."version"); RETURN NULL;',
                    hash="dbad6fced6d98f408be52aad3161d623ff22240e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_befad",
                    table="ncpi_meeting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_membershipevent" ("ends_date", "force_id", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_date", "user_id", "version") VALUES (NEW."ends_date", NEW."force_id", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."starts_date", NEW."user_id", NEW."version"); RETURN NULL;',
                    hash="209923702f09251db461f6dc78033a497651612b",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_942dd",
                    table="ncpi_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_membershipevent" ("ends_date", "force_id", "granted_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "starts_date", "user_id", "version") VALUES (NEW."ends_date", NEW."force_id", NEW."granted_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."starts_date", NEW."user_id", NEW."version"); RETURN NULL;',
                    hash="f6f2cdf2935eb26719fa6e1f831ea99f4c2a2e5f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2b528",
                    table="ncpi_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_milestoneevent" ("done_by_id", "done_date", "due_date", "id", "inspection_id", "is_set_by_hand", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "title", "version") VALUES (NEW."done_by_id", NEW."done_date", NEW."due_date", NEW."id", NEW."inspection_id", NEW."is_set_by_hand", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rule_id", NEW."title", NEW."version"); RETURN NULL;',
                    hash="5003b15d37ddbb2dc7f723d415a2dc5d9d6e71a1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_71cd3",
                    table="ncpi_milestone",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_milestoneevent" ("done_by_id", "done_date", "due_date", "id", "inspection_id", "is_set_by_hand", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule_id", "title", "version") VALUES (NEW."done_by_id", NEW."done_date", NEW."due_date", NEW."id", NEW."inspection_id", NEW."is_set_by_hand", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rule_id", NEW."title", NEW."version"); RETURN NULL;',
                    hash="b9195ec187745c6e9506b3761f1306fa7545f2eb",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e816a",
                    table="ncpi_milestone",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_personevent" ("band", "email", "force_id", "id", "job_title", "left_at", "line_manager_id", "max_sessions", "name", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "unit", "user_id", "version") VALUES (NEW."band", NEW."email", NEW."force_id", NEW."id", NEW."job_title", NEW."left_at", NEW."line_manager_id", NEW."max_sessions", NEW."name", NEW."organisation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."unit", NEW."user_id", NEW."version"); RETURN NULL;',
                    hash="d36c38562507695873a78ebfd9b97ae157d67da7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a4bea",
                    table="ncpi_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_personevent" ("band", "email", "force_id", "id", "job_title", "left_at", "line_manager_id", "max_sessions", "name", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "unit", "user_id", "version") VALUES (NEW."band", NEW."email", NEW."force_id", NEW."id", NEW."job_title", NEW."left_at", NEW."line_manager_id", NEW."max_sessions", NEW."name", NEW."organisation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."unit", NEW."user_id", NEW."version"); RETURN NULL;',
                    hash="d930c9811603d181cec9791ac7c7e158de99bf23",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e7f42",
                    table="ncpi_person",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inspection",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_inspectionevent" ("closed_at", "evidence_from_date", "evidence_to_date", "fieldwork_end_date", "fieldwork_start_date", "force_id", "id", "kind", "name", "notice_date", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "publication_date", "ref", "version") VALUES (NEW."closed_at", NEW."evidence_from_date", NEW."evidence_to_date", NEW."fieldwork_end_date", NEW."fieldwork_start_date", NEW."force_id", NEW."id", NEW."kind", NEW."name", NEW."notice_date", NEW."opened_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."publication_date", NEW."ref", NEW."version"); RETURN NULL;',
                    hash="a76b2431c0548d0306179c603162cea90a20a814",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d124b",
                    table="ncpi_inspection",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="inspection",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_inspectionevent" ("closed_at", "evidence_from_date", "evidence_to_date", "fieldwork_end_date", "fieldwork_start_date", "force_id", "id", "kind", "name", "notice_date", "opened_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "publication_date", "ref", "version") VALUES (NEW."closed_at", NEW."evidence_from_date", NEW."evidence_to_date", NEW."fieldwork_end_date", NEW."fieldwork_start_date", NEW."force_id", NEW."id", NEW."kind", NEW."name", NEW."notice_date", NEW."opened_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."programme_id", NEW."publication_date", NEW."ref", NEW."version"); RETURN NULL;',
                    hash="f6a8618d0f25128ff5ba6f33df475fa705d763f8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_dfdff",
                    table="ncpi_inspection",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grade",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1516b6b72009de063b6e41db7a8e3aca42c85aa8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_ad4b3",
                    table="ncpi_grade",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deadlinerule",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="494834f6c0dfedb673392903d952b3e4f786b0d6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_49e95",
                    table="ncpi_deadlinerule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="casetype",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f03ce293bf1ab103b6a9c216e456f9978f462b1c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_b91a5",
                    table="ncpi_casetype",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="area",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="72c4c46f71d2114da5acbcc0a74b6e533ce9a9e6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_eb578",
                    table="ncpi_area",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="question",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="961052ff323ab345a0609f3bbdf5d84dd793b6a2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_77f76",
                    table="ncpi_question",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_actionevent" ("closed_date", "criterion_id", "detail", "due_date", "id", "inspection_id", "next_step", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_by_id", "raised_date", "recommendation_id", "status", "title", "version") VALUES (NEW."closed_date", NEW."criterion_id", NEW."detail", NEW."due_date", NEW."id", NEW."inspection_id", NEW."next_step", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."raised_by_id", NEW."raised_date", NEW."recommendation_id", NEW."status", NEW."title", NEW."version"); RETURN NULL;',
                    hash="b04cdf5644671d89d2c9f33d0146b4074cb86958",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0f602",
                    table="ncpi_action",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_actionevent" ("closed_date", "criterion_id", "detail", "due_date", "id", "inspection_id", "next_step", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_by_id", "raised_date", "recommendation_id", "status", "title", "version") VALUES (NEW."closed_date", NEW."criterion_id", NEW."detail", NEW."due_date", NEW."id", NEW."inspection_id", NEW."next_step", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."raised_by_id", NEW."raised_date", NEW."recommendation_id", NEW."status", NEW."title", NEW."version"); RETURN NULL;',
                    hash="8727fa13365adfc200ff5762e0f9c51372a93f7a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d8247",
                    table="ncpi_action",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_reportevent" ("about", "force_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_date", "publisher", "source_address", "title", "version") VALUES (NEW."about", NEW."force_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_date", NEW."publisher", NEW."source_address", NEW."title", NEW."version"); RETURN NULL;',
                    hash="96817e0f3fc7a474b21fb2cae89a8e979033ee1a",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_19c1b",
                    table="ncpi_report",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_reportevent" ("about", "force_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_date", "publisher", "source_address", "title", "version") VALUES (NEW."about", NEW."force_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_date", NEW."publisher", NEW."source_address", NEW."title", NEW."version"); RETURN NULL;',
                    hash="5a84c5892149ba671c40b4c2596d2fcaa1f1fb1b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f3093",
                    table="ncpi_report",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recommendation",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_recommendationevent" ("area_id", "basis", "deadline_basis", "deadline_kind", "due_date", "force_id", "id", "inspection_id", "kind", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "repeats_id", "report_id", "source_address", "status", "text", "theme", "version") VALUES (NEW."area_id", NEW."basis", NEW."deadline_basis", NEW."deadline_kind", NEW."due_date", NEW."force_id", NEW."id", NEW."inspection_id", NEW."kind", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."repeats_id", NEW."report_id", NEW."source_address", NEW."status", NEW."text", NEW."theme", NEW."version"); RETURN NULL;',
                    hash="f253473c00d6db5a11833b09db8cfde92767ff81",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f179b",
                    table="ncpi_recommendation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recommendation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_recommendationevent" ("area_id", "basis", "deadline_basis", "deadline_kind", "due_date", "force_id", "id", "inspection_id", "kind", "number", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "repeats_id", "report_id", "source_address", "status", "text", "theme", "version") VALUES (NEW."area_id", NEW."basis", NEW."deadline_basis", NEW."deadline_kind", NEW."due_date", NEW."force_id", NEW."id", NEW."inspection_id", NEW."kind", NEW."number", NEW."owner_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."repeats_id", NEW."report_id", NEW."source_address", NEW."status", NEW."text", NEW."theme", NEW."version"); RETURN NULL;',
                    hash="1029ccf07584fd9d8b4591531e36e3309dd03995",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_92c4b",
                    table="ncpi_recommendation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sessionkind",
            trigger=pgtrigger.compiler.Trigger(
                name="adopted_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8d8bc213edb427208271fc581a73a4ddcbb9460c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_adopted_is_final_ce9b4",
                    table="ncpi_sessionkind",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="session",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_sessionevent" ("id", "inspection_id", "inspectors_needed", "kind_id", "link", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferences", "priority", "reference", "size", "specialism", "state", "title", "version") VALUES (NEW."id", NEW."inspection_id", NEW."inspectors_needed", NEW."kind_id", NEW."link", NEW."minutes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."preferences", NEW."priority", NEW."reference", NEW."size", NEW."specialism", NEW."state", NEW."title", NEW."version"); RETURN NULL;',
                    hash="d0dc2f17cb85e615bb44a3a6b33a63c7880ce7fa",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_12c55",
                    table="ncpi_session",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="session",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "ncpi_sessionevent" ("id", "inspection_id", "inspectors_needed", "kind_id", "link", "minutes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferences", "priority", "reference", "size", "specialism", "state", "title", "version") VALUES (NEW."id", NEW."inspection_id", NEW."inspectors_needed", NEW."kind_id", NEW."link", NEW."minutes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."preferences", NEW."priority", NEW."reference", NEW."size", NEW."specialism", NEW."state", NEW."title", NEW."version"); RETURN NULL;',
                    hash="421a5395d55c2d568713ac984a649092f7b5c3c5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_bc5c7",
                    table="ncpi_session",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signature",
            trigger=pgtrigger.compiler.Trigger(
                name="signed_as_it_was",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="60f10631936d928d3ade07ad5af5a45de4a7b311",
                    operation="DELETE",
                    pgid="pgtrigger_signed_as_it_was_e181b",
                    table="ncpi_signature",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signature",
            trigger=pgtrigger.compiler.Trigger(
                name="signed_state_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."inspection_id" IS DISTINCT FROM (NEW."inspection_id") OR OLD."area_id" IS DISTINCT FROM (NEW."area_id") OR OLD."signed_by_id" IS DISTINCT FROM (NEW."signed_by_id") OR OLD."signed_name" IS DISTINCT FROM (NEW."signed_name") OR OLD."signed_at" IS DISTINCT FROM (NEW."signed_at") OR OLD."statement" IS DISTINCT FROM (NEW."statement") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."signed_state" IS DISTINCT FROM (NEW."signed_state"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="4abf57839d2a0b3557b6c920a5777e6124dd34af",
                    operation="UPDATE",
                    pgid="pgtrigger_signed_state_is_final_2c96d",
                    table="ncpi_signature",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="summary",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8244e2aa9e5b3b569fd2bf091436cd28a0697d54",
                    operation="DELETE",
                    pgid="pgtrigger_kept_dd079",
                    table="ncpi_summary",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="summary",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."inspection_id" IS DISTINCT FROM (NEW."inspection_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."as_at" IS DISTINCT FROM (NEW."as_at") OR OLD."content" IS DISTINCT FROM (NEW."content") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."compiled_at" IS DISTINCT FROM (NEW."compiled_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c46555aca40cc3c597356c587f14502062f14617",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_fe5e6",
                    table="ncpi_summary",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="summary",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "ncpi_summaryevent" ("approved_at", "approved_by_id", "as_at", "compiled_at", "covering_note", "digest", "id", "inspection_id", "job_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_at", "released_by_id", "released_by_title", "state", "version") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."as_at", NEW."compiled_at", NEW."covering_note", NEW."digest", NEW."id", NEW."inspection_id", NEW."job_id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."released_at", NEW."released_by_id", NEW."released_by_title", NEW."state", NEW."version"); RETURN NULL;',
                    hash="89a23f629ba1accfc0b93dcf307d6a4593e108f4",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b7f22",
                    table="ncpi_summary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="summary",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_at" IS DISTINCT FROM (NEW."approved_at") OR OLD."approved_by_id" IS DISTINCT FROM (NEW."approved_by_id") OR OLD."as_at" IS DISTINCT FROM (NEW."as_at") OR OLD."compiled_at" IS DISTINCT FROM (NEW."compiled_at") OR OLD."covering_note" IS DISTINCT FROM (NEW."covering_note") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."inspection_id" IS DISTINCT FROM (NEW."inspection_id") OR OLD."job_id" IS DISTINCT FROM (NEW."job_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."released_by_id" IS DISTINCT FROM (NEW."released_by_id") OR OLD."released_by_title" IS DISTINCT FROM (NEW."released_by_title") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                    func='INSERT INTO "ncpi_summaryevent" ("approved_at", "approved_by_id", "as_at", "compiled_at", "covering_note", "digest", "id", "inspection_id", "job_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "released_at", "released_by_id", "released_by_title", "state", "version") VALUES (NEW."approved_at", NEW."approved_by_id", NEW."as_at", NEW."compiled_at", NEW."covering_note", NEW."digest", NEW."id", NEW."inspection_id", NEW."job_id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."released_at", NEW."released_by_id", NEW."released_by_title", NEW."state", NEW."version"); RETURN NULL;',
                    hash="882e46dbc6bb06d8dbd3993cd03a437d3c661ced",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_92709",
                    table="ncpi_summary",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="summarychart",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="524324924cac237b7d8633d273f5cd2195503699",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_frozen_e78c7",
                    table="ncpi_summarychart",
                    when="BEFORE",
                ),
            ),
        ),
    ]
    operations = in_few_steps(operations)
