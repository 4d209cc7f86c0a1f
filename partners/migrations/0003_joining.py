"""Applications with their checklist, onboarding steps, a firm's history and firsts, and what people do for their firm."""

import functools

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import core.codes


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_case_files'),
        ('partners', '0002_members_are_partner_side'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, choices=[('reseller', 'Reseller'), ('distributor', 'Distributor'), ('integrator', 'System integrator'), ('msp', 'Managed service provider'), ('consultant', 'Consultant')], max_length=20)),
                ('place', models.PositiveSmallIntegerField(default=10)),
                ('label', models.CharField(max_length=200)),
                ('help', models.CharField(blank=True, max_length=300)),
                ('required', models.BooleanField(default=True)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['place', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OnboardingPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, choices=[('reseller', 'Reseller'), ('distributor', 'Distributor'), ('integrator', 'System integrator'), ('msp', 'Managed service provider'), ('consultant', 'Consultant')], max_length=20, unique=True)),
                ('activates_by_itself', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['kind'],
            },
        ),
        migrations.AddField(
            model_name='member',
            name='functions',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('sales', 'Sales'), ('marketing', 'Marketing'), ('technical', 'Technical')], max_length=20), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('A',)), editable=False, max_length=16, unique=True)),
                ('state', models.CharField(choices=[('unconfirmed', 'Not confirmed'), ('received', 'To be decided'), ('accepted', 'Accepted'), ('declined', 'Declined')], default='unconfirmed', max_length=12)),
                ('name', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('reseller', 'Reseller'), ('distributor', 'Distributor'), ('integrator', 'System integrator'), ('msp', 'Managed service provider'), ('consultant', 'Consultant')], max_length=20)),
                ('country', django_countries.fields.CountryField(max_length=2)),
                ('city', models.CharField(blank=True, max_length=120)),
                ('website', models.CharField(blank=True, max_length=200)),
                ('time_zone', models.CharField(default='UTC', max_length=60)),
                ('contact_name', models.CharField(max_length=120)),
                ('contact_title', models.CharField(blank=True, max_length=120)),
                ('contact_email', models.EmailField(max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=40)),
                ('about', models.TextField(max_length=2000)),
                ('sent_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, choices=[('fit', "Our products and your business don't fit at present"), ('region', 'We have enough partners in your region at present'), ('known', 'Your firm works with us already'), ('incomplete', 'We could not verify what you wrote'), ('other', 'Another reason')], max_length=20)),
                ('text', models.TextField(blank=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='application', to='partners.partner')),
            ],
            options={
                'ordering': ['answer_by', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ApplicationCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=200)),
                ('help', models.CharField(blank=True, max_length=300)),
                ('required', models.BooleanField()),
                ('done_at', models.DateTimeField(null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='partners.application')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['place', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ApplicationNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField(max_length=4000)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='partners.application')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='FirmEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=30)),
                ('audience', models.CharField(choices=[('both', 'Firm and vendor'), ('vendor', 'Vendor only')], default='both', max_length=10)),
                ('data', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='partners.partner')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='FirmMilestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('first_registration', 'First registration'), ('first_win', 'First win')], max_length=20)),
                ('at', models.DateTimeField()),
                ('about', models.CharField(blank=True, max_length=40)),
                ('label', models.CharField(blank=True, max_length=250)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='partners.partner')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OnboardingStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=60)),
                ('source_label', models.CharField(max_length=120)),
                ('key', models.CharField(max_length=60)),
                ('stage', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)])),
                ('stage_title', models.CharField(max_length=80)),
                ('place', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=160)),
                ('help', models.TextField(blank=True)),
                ('link', models.CharField(blank=True, max_length=300)),
                ('side', models.CharField(choices=[('partner', 'Partner'), ('vendor', 'Vendor')], max_length=10)),
                ('due_days', models.PositiveSmallIntegerField(null=True)),
                ('required', models.BooleanField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='partners.partner')),
            ],
            options={
                'ordering': ['source', 'stage', 'place', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlanStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9)])),
                ('stage_title', models.CharField(max_length=80)),
                ('place', models.PositiveSmallIntegerField(default=10)),
                ('title', models.CharField(max_length=160)),
                ('help', models.TextField(blank=True, max_length=1000)),
                ('link', models.CharField(blank=True, max_length=300)),
                ('side', models.CharField(choices=[('partner', 'Partner'), ('vendor', 'Vendor')], default='partner', max_length=10)),
                ('due_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(365)])),
                ('required', models.BooleanField(default=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='partners.onboardingplan')),
            ],
            options={
                'ordering': ['stage', 'place', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['state', 'answer_by', 'id'], name='application_queue'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(django.db.models.functions.text.Lower('contact_email'), name='application_address'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['unconfirmed', 'received', 'accepted', 'declined'])), name='application_state_known'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('partner__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('partner', None)), _connector='OR'), name='application_accepted_has_firm'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state__in', ('unconfirmed', 'received'))), models.Q(('decided_at__isnull', False), ('state__in', ('accepted', 'declined'))), _connector='OR'), name='application_decided_when'),
        ),
        migrations.AddIndex(
            model_name='firmentry',
            index=models.Index(fields=['partner', '-at', '-id'], name='firm_history'),
        ),
        migrations.AddConstraint(
            model_name='firmmilestone',
            constraint=models.UniqueConstraint(fields=('partner', 'kind'), name='firm_milestone_once'),
        ),
        migrations.AddConstraint(
            model_name='firmmilestone',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['first_registration', 'first_win'])), name='firm_milestone_known'),
        ),
        migrations.AddIndex(
            model_name='onboardingstep',
            index=models.Index(condition=models.Q(('done_at', None), ('dropped_at', None), ('reminded_at', None)), fields=['due_at'], name='onboarding_step_due'),
        ),
        migrations.AddConstraint(
            model_name='onboardingstep',
            constraint=models.UniqueConstraint(fields=('partner', 'source', 'key'), name='onboarding_step_once'),
        ),
        migrations.AddConstraint(
            model_name='onboardingstep',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['partner', 'vendor'])), name='step_side_known'),
        ),
    ]
