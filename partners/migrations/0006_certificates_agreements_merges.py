"""Certificates with their types and warnings, agreements, and merges of two records."""

import functools

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import core.codes
import partners.models.kept_file

# What was published is what was accepted: only when firms were written to may change afterwards.
SQL = """
CREATE FUNCTION partners_version_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published version of an agreement is never changed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER partners_version_stands
  BEFORE UPDATE OF agreement_id, number, text, changes, file, file_sha256, effective_on, accept_by, published_at
  ON partners_agreementversion FOR EACH ROW EXECUTE FUNCTION partners_version_stands();
"""
BACK = """
DROP TRIGGER partners_version_stands ON partners_agreementversion;
DROP FUNCTION partners_version_stands();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_reply_to'),
        ('partners', '0005_groups'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('T',)), editable=False, max_length=16, unique=True)),
                ('title', models.CharField(max_length=160, unique=True)),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('reseller', 'Reseller'), ('distributor', 'Distributor'), ('integrator', 'System integrator'), ('msp', 'Managed service provider'), ('consultant', 'Consultant')], max_length=20), blank=True, default=list, size=None)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='AgreementVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(blank=True, upload_to=partners.models.kept_file.stored_under_a_code)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('file_type', models.CharField(blank=True, max_length=100)),
                ('file_size', models.PositiveIntegerField(default=0)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True, max_length=60000)),
                ('changes', models.TextField(blank=True, max_length=2000)),
                ('effective_on', models.DateField()),
                ('accept_by', models.DateField()),
                ('published_at', models.DateTimeField()),
                ('asked', models.PositiveSmallIntegerField(default=1)),
                ('told_at', models.DateTimeField(null=True)),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='partners.agreement')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['agreement', '-number'],
            },
        ),
        migrations.CreateModel(
            name='AgreementAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='partners.partner')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='partners.agreementversion')),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='CertificateType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('certification', 'Certification'), ('licence', 'Licence')], max_length=20)),
                ('issuer', models.CharField(max_length=120)),
                ('held_by', models.CharField(choices=[('firm', 'The firm'), ('person', 'A person')], default='firm', max_length=10)),
                ('validity_months', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('needs_file', models.BooleanField(default=True)),
                ('offered', models.BooleanField(default=True)),
                ('note', models.TextField(blank=True, max_length=1000)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'ordering': ['name', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['certification', 'licence'])), name='certificate_type_kind_known'), models.CheckConstraint(condition=models.Q(('held_by__in', ['firm', 'person'])), name='certificate_type_holder_known')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(blank=True, upload_to=partners.models.kept_file.stored_under_a_code)),
                ('file_name', models.CharField(blank=True, max_length=200)),
                ('file_type', models.CharField(blank=True, max_length=100)),
                ('file_size', models.PositiveIntegerField(default=0)),
                ('file_sha256', models.CharField(blank=True, max_length=64)),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('C',)), editable=False, max_length=16, unique=True)),
                ('number', models.CharField(max_length=80)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(null=True)),
                ('status', models.CharField(choices=[('submitted', 'Being verified'), ('verified', 'Verified'), ('rejected', 'Rejected'), ('withdrawn', 'Withdrawn'), ('revoked', 'Revoked')], default='submitted', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('submitted_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='partners.certificate')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='partners.member')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='partners.partner')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='partners.certificatetype')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CertificateWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warnings', to='partners.certificate')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='notifications.message')),
            ],
        ),
        migrations.CreateModel(
            name='PartnerMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('M',)), editable=False, max_length=16, unique=True)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField(max_length=2000)),
                ('before', models.JSONField(default=dict)),
                ('undone_at', models.DateTimeField(null=True)),
                ('kept', models.JSONField(default=list)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='partners.partner')),
                ('survivor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges_taken', to='partners.partner')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='MergedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(max_length=120)),
                ('row', models.BigIntegerField()),
                ('digest', models.CharField(max_length=32)),
                ('merge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='partners.partnermerge')),
            ],
        ),
        migrations.AddConstraint(
            model_name='agreementversion',
            constraint=models.UniqueConstraint(fields=('agreement', 'number'), name='agreement_version_numbered'),
        ),
        migrations.AddConstraint(
            model_name='agreementversion',
            constraint=models.CheckConstraint(condition=models.Q(('file', ''), ('text', ''), _negated=True), name='agreement_version_says_something'),
        ),
        migrations.AddConstraint(
            model_name='agreementacceptance',
            constraint=models.UniqueConstraint(fields=('version', 'partner'), name='agreement_accepted_once'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(fields=['partner', '-id'], name='certificate_of_firm'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(condition=models.Q(('status', 'verified')), fields=['valid_to', 'id'], name='certificate_lapsing'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(condition=models.Q(('status', 'submitted')), fields=['submitted_at', 'id'], name='certificate_to_verify'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['submitted', 'verified', 'rejected', 'withdrawn', 'revoked'])), name='certificate_status_known'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='certificate_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['verified', 'rejected', 'revoked']), _negated=True), ('decided_at__isnull', False), _connector='OR'), name='certificate_decided_when'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(models.F('type'), models.F('partner'), django.db.models.functions.comparison.Coalesce('member', 0), models.F('number'), models.F('valid_from'), condition=models.Q(('status__in', ['submitted', 'verified'])), name='certificate_once'),
        ),
        migrations.AddConstraint(
            model_name='certificatewarning',
            constraint=models.UniqueConstraint(fields=('certificate', 'days'), name='certificate_warned_once'),
        ),
        migrations.AddConstraint(
            model_name='partnermerge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('gone',), name='partner_merged_into_one'),
        ),
        migrations.AddConstraint(
            model_name='partnermerge',
            constraint=models.CheckConstraint(condition=models.Q(('gone', models.F('survivor')), _negated=True), name='partner_merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='mergedrow',
            constraint=models.UniqueConstraint(fields=('merge', 'relation', 'row'), name='partner_merge_row_once'),
        ),
        migrations.RunSQL(SQL, BACK),
    ]
