"""Programs with journeys and enrolments, tiers with criteria and moves, training with quizzes."""

import functools

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.codes
import partners.models.kept_file
import programs.models.tiers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partners', '0006_certificates_agreements_merges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EnteredFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=2, max_digits=14)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entered_figures', to='partners.partner')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Module',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(blank=True, upload_to=partners.models.kept_file.stored_under_a_code)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('file_type', models.CharField(blank=True, max_length=100)),
                ('file_size', models.PositiveIntegerField(default=0)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('TM',)), editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('text', models.TextField(blank=True, max_length=20000)),
                ('minutes', models.PositiveSmallIntegerField(default=10)),
                ('video_url', models.URLField(blank=True, max_length=300)),
                ('attempts', models.PositiveSmallIntegerField(default=3)),
                ('pause_hours', models.PositiveSmallIntegerField(default=24)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('retired', 'Retired')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('MV',)), editable=False, max_length=16, unique=True)),
                ('source', models.CharField(choices=[('registered', 'Registered'), ('silver', 'Silver'), ('gold', 'Gold'), ('platinum', 'Platinum')], max_length=20)),
                ('target', models.CharField(choices=[('registered', 'Registered'), ('silver', 'Silver'), ('gold', 'Gold'), ('platinum', 'Platinum')], max_length=20)),
                ('status', models.CharField(choices=[('proposed', 'To be decided'), ('noticed', 'Notice given'), ('done', 'Done'), ('declined', 'Declined'), ('taken_back', 'Taken back')], default='proposed', max_length=12)),
                ('figures', models.JSONField()),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=1000)),
                ('due_on', models.DateField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tier_moves', to='partners.partner')),
            ],
            options={
                'ordering': ['-proposed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Path',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('TP',)), editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=120, unique=True)),
                ('summary', models.TextField(blank=True, max_length=1000)),
                ('for_everybody', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('retired', 'Retired')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('grants', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='granted_by', to='partners.certificatetype')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='PathModule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='path_modules', to='programs.module')),
                ('path', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='path_modules', to='programs.path')),
            ],
            options={
                'ordering': ['path', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('G',)), editable=False, max_length=16, unique=True)),
                ('name', models.CharField(max_length=120, unique=True)),
                ('summary', models.TextField(max_length=2000)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('closed', 'Closed')], default='draft', max_length=10)),
                ('joining', models.CharField(choices=[('invitation', 'By invitation'), ('application', 'By application'), ('automatic', 'By itself')], default='application', max_length=12)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('audience', models.ManyToManyField(blank=True, related_name='programs', to='partners.group')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('E',)), editable=False, max_length=16, unique=True)),
                ('status', models.CharField(choices=[('invited', 'Invited'), ('applied', 'Applied'), ('enrolled', 'Enrolled'), ('declined', 'Declined'), ('refused', 'Refused'), ('left', 'Left'), ('ended', 'Ended')], max_length=10)),
                ('way', models.CharField(choices=[('invitation', 'By invitation'), ('application', 'By application'), ('automatic', 'By itself')], max_length=12)),
                ('text', models.TextField(blank=True, max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=1000)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='partners.partner')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='programs.program')),
            ],
            options={
                'ordering': ['-asked_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Criterion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tier', models.CharField(choices=[('registered', 'Registered'), ('silver', 'Silver'), ('gold', 'Gold'), ('platinum', 'Platinum')], max_length=20)),
                ('measure', models.CharField(max_length=40)),
                ('threshold', models.DecimalField(decimal_places=2, max_digits=14)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('program', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='programs.program')),
            ],
            options={
                'verbose_name_plural': 'criteria',
                'ordering': ['tier', 'measure', 'starts_on'],
            },
        ),
        migrations.CreateModel(
            name='Quiz',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('pass_mark', models.PositiveSmallIntegerField(default=80, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)])),
                ('questions', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quizzes', to='programs.module')),
            ],
            options={
                'verbose_name_plural': 'quizzes',
                'ordering': ['module', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('TA',)), editable=False, max_length=16, unique=True)),
                ('started_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('answers', models.JSONField(default=list)),
                ('score', models.PositiveSmallIntegerField(null=True)),
                ('passed', models.BooleanField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to=settings.AUTH_USER_MODEL)),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts_made', to='programs.module')),
                ('quiz', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='programs.quiz')),
            ],
            options={
                'ordering': ['-started_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('tier', models.CharField(choices=[('registered', 'Registered'), ('silver', 'Silver'), ('gold', 'Gold'), ('platinum', 'Platinum')], max_length=20)),
                ('earned', models.CharField(choices=[('registered', 'Registered'), ('silver', 'Silver'), ('gold', 'Gold'), ('platinum', 'Platinum')], max_length=20)),
                ('figures', models.JSONField()),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tier_snapshots', to='partners.partner')),
            ],
            options={
                'ordering': ['-on', 'partner'],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=80)),
                ('text', models.TextField(blank=True, max_length=1000)),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='programs.program')),
            ],
            options={
                'ordering': ['program', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ProgramPath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='program_paths', to='programs.path')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='program_paths', to='programs.program')),
                ('stage', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='program_paths', to='programs.stage')),
            ],
            options={
                'ordering': ['program', 'path__name'],
            },
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('target', models.CharField(blank=True, max_length=120)),
                ('threshold', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True)),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='programs.stage')),
            ],
            options={
                'ordering': ['stage', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StageOpened',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=list)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opened', to='programs.enrolment')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opened', to='programs.stage')),
            ],
            options={
                'ordering': ['enrolment', 'at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='StepDone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=300)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('condition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps_done', to='programs.condition')),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps_done', to='programs.enrolment')),
            ],
            options={
                'ordering': ['enrolment', 'at'],
            },
        ),
        migrations.CreateModel(
            name='Take',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('passed_at', models.DateTimeField(null=True)),
                ('valid_until', models.DateField(null=True)),
                ('certificate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partners.certificate')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takes', to='partners.partner')),
                ('path', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='takes', to='programs.path')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='takes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-started_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ModuleDone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.attempt')),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='done', to='programs.module')),
                ('take', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='done', to='programs.take')),
            ],
            options={
                'verbose_name_plural': 'modules done',
                'ordering': ['take', 'at'],
            },
        ),
        migrations.AddIndex(
            model_name='enteredfigure',
            index=models.Index(fields=['partner', 'measure', '-at'], name='figure_latest'),
        ),
        migrations.AddConstraint(
            model_name='move',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'noticed', 'done', 'declined', 'taken_back'])), name='move_status_known'),
        ),
        migrations.AddConstraint(
            model_name='move',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'noticed'), _negated=True), ('due_on__isnull', False), _connector='OR'), name='move_noticed_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='move',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('proposed', 'noticed'))), fields=('partner',), name='one_open_move'),
        ),
        migrations.AddConstraint(
            model_name='pathmodule',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('path', 'number'), name='modules_in_order'),
        ),
        migrations.AddConstraint(
            model_name='pathmodule',
            constraint=models.UniqueConstraint(fields=('path', 'module'), name='module_once_in_a_path'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'open', 'closed'])), name='program_status_known'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='program_ends_after_it_starts'),
        ),
        migrations.AddIndex(
            model_name='enrolment',
            index=models.Index(fields=['partner', 'status'], name='enrolment_of_firm'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['invited', 'applied', 'enrolled', 'declined', 'refused', 'left', 'ended'])), name='enrolment_status_known'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('invited', 'applied', 'enrolled'))), fields=('program', 'partner'), name='one_open_enrolment'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('tier__in', ['registered', 'silver', 'gold', 'platinum'])), name='criterion_tier_known'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('threshold__gt', 0)), name='criterion_asks_something'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='criterion_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(programs.models.tiers.OneText('tier'), '&&'), (programs.models.tiers.OneProgram('program'), '&&'), (programs.models.tiers.OneText('measure'), '&&'), (programs.models.tiers.Days('starts_on', 'ends_on'), '&&')], name='one_criterion_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.UniqueConstraint(fields=('module', 'number'), name='quiz_versions_in_order'),
        ),
        migrations.AddConstraint(
            model_name='quiz',
            constraint=models.CheckConstraint(condition=models.Q(('pass_mark__gte', 1), ('pass_mark__lte', 100)), name='quiz_pass_mark_is_a_percentage'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(condition=models.Q(('submitted_at', None)), fields=('user', 'module'), name='one_open_attempt'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('passed', None), ('score', None), ('submitted_at', None)), models.Q(('passed__isnull', False), ('score__isnull', False), ('submitted_at__isnull', False)), _connector='OR'), name='attempt_submitted_is_scored'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(fields=('partner', 'on'), name='one_snapshot_a_day'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('program', 'number'), name='stage_in_order'),
        ),
        migrations.AddConstraint(
            model_name='programpath',
            constraint=models.UniqueConstraint(fields=('program', 'path'), name='path_once_in_a_program'),
        ),
        migrations.AddConstraint(
            model_name='stageopened',
            constraint=models.UniqueConstraint(fields=('enrolment', 'stage'), name='stage_opens_once'),
        ),
        migrations.AddConstraint(
            model_name='stepdone',
            constraint=models.UniqueConstraint(fields=('enrolment', 'condition'), name='step_done_once'),
        ),
        migrations.AddIndex(
            model_name='take',
            index=models.Index(fields=['partner', 'passed_at'], name='take_of_firm'),
        ),
        migrations.AddConstraint(
            model_name='take',
            constraint=models.UniqueConstraint(condition=models.Q(('passed_at', None)), fields=('user', 'path'), name='one_open_take'),
        ),
        migrations.AddConstraint(
            model_name='moduledone',
            constraint=models.UniqueConstraint(fields=('take', 'module'), name='module_done_once'),
        ),
    ]
