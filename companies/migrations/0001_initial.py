import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import companies.models.company
import companies.models.named_account


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Typing mistakes are found by trigrams; the extension is trusted, so the database's owner may add it.
        TrigramExtension(),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=companies.models.company.company_code, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=300)),
                ('country', models.CharField(blank=True, help_text='ISO 3166-1 alpha-2, capitals', max_length=2)),
                ('city', models.CharField(blank=True, max_length=120)),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('website', models.CharField(blank=True, max_length=300)),
                ('domain', models.CharField(blank=True, help_text='Registrable domain; empty for shared hosts', max_length=253)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('industry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='companies', to='catalog.industry')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='companies.company')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='subsidiaries', to='companies.company')),
            ],
            options={
                'verbose_name_plural': 'companies',
            },
        ),
        migrations.CreateModel(
            name='NamedAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=companies.models.named_account.named_account_code, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(max_length=300)),
                ('website', models.CharField(blank=True, max_length=300)),
                ('domain', models.CharField(blank=True, max_length=253)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('kind', models.CharField(choices=[('named_account', 'Named account'), ('open_opportunity', 'Open opportunity')], default='named_account', max_length=20)),
                ('owner_name', models.CharField(max_length=150)),
                ('owner_email', models.EmailField(blank=True, max_length=254)),
                ('effective_from', models.DateField()),
                ('ends_on', models.DateField(blank=True, help_text='Last day in force', null=True)),
                ('reference', models.CharField(help_text="The CRM's own number for this claim", max_length=80, unique=True)),
                ('created_at', models.DateTimeField()),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='named_accounts', to='companies.company')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('same', 'Same company'), ('different', 'Different companies')], max_length=10)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('moved', models.JSONField(blank=True, default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('carried_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='verdicts_carried', to='companies.verdict')),
                ('high', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts_as_high', to='companies.company')),
                ('low', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts_as_low', to='companies.company')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CompanyName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
                ('kind', models.CharField(choices=[('legal', 'Legal name'), ('alias', 'Also called'), ('dba', 'Trading name'), ('former', 'Former name')], default='legal', max_length=10)),
                ('normalised', models.CharField(blank=True, max_length=400)),
                ('keys', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                ('source', models.CharField(help_text="Where the name came from, such as 'registration' or 'merge'", max_length=60)),
                ('created_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='companies.company')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_verdict', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='names_carried', to='companies.verdict')),
            ],
            options={
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(condition=models.Q(('domain', ''), _negated=True), fields=['domain'], name='company_domain'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(fields=['name'], name='company_by_name'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='company_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('country', ''), ('country__regex', '^[A-Z]{2}$'), _connector='OR'), name='company_country_is_iso2'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('parent', None), models.Q(('parent', models.F('id')), _negated=True), _connector='OR'), name='company_is_not_its_own_parent'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='company_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='company_version_counts_from_one'),
        ),
        migrations.AddIndex(
            model_name='namedaccount',
            index=models.Index(fields=['name', 'id'], name='namedaccount_by_name'),
        ),
        migrations.AddConstraint(
            model_name='namedaccount',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='namedaccount_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='namedaccount',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='namedaccount_has_a_reference'),
        ),
        migrations.AddConstraint(
            model_name='namedaccount',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['named_account', 'open_opportunity'])), name='namedaccount_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='namedaccount',
            constraint=models.CheckConstraint(condition=models.Q(('country', ''), ('country__regex', '^[A-Z]{2}$'), _connector='OR'), name='namedaccount_country_is_iso2'),
        ),
        migrations.AddConstraint(
            model_name='namedaccount',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('effective_from')), _connector='OR'), name='namedaccount_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='verdict_low_before_high'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['same', 'different'])), name='verdict_known'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('low', 'high'), name='verdict_one_active_per_pair'),
        ),
        migrations.AddIndex(
            model_name='companyname',
            index=django.contrib.postgres.indexes.GinIndex(fields=['keys'], name='companyname_keys'),
        ),
        migrations.AddIndex(
            model_name='companyname',
            index=django.contrib.postgres.indexes.GinIndex(fields=['normalised'], name='companyname_trigrams', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='companyname',
            index=models.Index(fields=['normalised'], name='companyname_normalised'),
        ),
        migrations.AddConstraint(
            model_name='companyname',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='companyname_has_text'),
        ),
        migrations.AddConstraint(
            model_name='companyname',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['legal', 'alias', 'dba', 'former'])), name='companyname_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='companyname',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('company', 'text'), name='companyname_once_per_company'),
        ),
    ]
