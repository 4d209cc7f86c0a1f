"""Leads, their gifts to firms, their history, and whose turn it is."""

import functools
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import core.codes


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("accounts", "0002_roles"),
        ("catalog", "0002_currencies"),
        ("companies", "0001_initial"),
        ("partners", "0002_members_are_partner_side"),
        ("registrations", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=functools.partial(core.codes.new_code, *('L',)), editable=False, max_length=16, unique=True)),
                ('company_name', models.CharField(max_length=200)),
                ('website', models.CharField(blank=True, max_length=200)),
                ('country', django_countries.fields.CountryField(max_length=2)),
                ('city', models.CharField(blank=True, max_length=120)),
                ('postcode', models.CharField(blank=True, max_length=20)),
                ('contact_name', models.CharField(blank=True, max_length=120)),
                ('contact_title', models.CharField(blank=True, max_length=120)),
                ('contact_email', models.EmailField(blank=True, max_length=254)),
                ('contact_phone', models.CharField(blank=True, max_length=40)),
                ('need', models.TextField(max_length=2000)),
                ('value', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0'))])),
                ('source', models.CharField(blank=True, max_length=120)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('import_key', models.CharField(editable=False, max_length=120, null=True, unique=True)),
                ('status', models.CharField(choices=[('new', 'To be given'), ('pooled', 'In the pool'), ('given', 'Waiting for an answer'), ('accepted', 'Accepted'), ('closed', 'Closed')], default='new', max_length=20)),
                ('onward', models.CharField(choices=[('rotation', 'To the next in turn'), ('territory', 'To the next firm of the territory'), ('pool', 'Into the pool'), ('back', 'Back to us')], default='back', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('pooled_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='companies.company')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to=settings.AUTH_USER_MODEL)),
                ('currency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.currency')),
                ('product_lines', models.ManyToManyField(related_name='+', to='catalog.productline')),
                ('registration', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lead', to='registrations.registration')),
                ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.territory')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Gift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('hand', 'By hand'), ('territory', 'By territory'), ('rotation', 'In turn'), ('pool', 'From the pool')], max_length=20)),
                ('message', models.TextField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
                ('rank', models.BigIntegerField(unique=True)),
                ('answer_by', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('declined', 'Declined'), ('pulled_back', 'Pulled back'), ('taken_back', 'Taken back')], max_length=20)),
                ('reason', models.CharField(blank=True, choices=[('capacity', 'No capacity at the moment'), ('fit', 'Not what we do'), ('territory', 'Outside our territory'), ('interest', 'We work with a competitor of this company'), ('size', 'Too small or too large for us'), ('contact', "The contact can't be reached or has no need"), ('other', 'Another reason')], max_length=20)),
                ('text', models.TextField(blank=True, max_length=2000)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='partners.partner')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gifts', to='leads.lead')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='LeadEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=40)),
                ('data', models.JSONField(default=dict)),
                ('previous_hash', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timeline', to='leads.lead')),
                ('partner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.partner')),
            ],
            options={
                'verbose_name_plural': 'lead entries',
                'ordering': ['lead', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weight', models.PositiveSmallIntegerField(default=1)),
                ('position', models.BigIntegerField(default=0)),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lead_turn', to='partners.partner')),
            ],
            options={
                'ordering': ['partner__name'],
            },
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['status', '-id'], name='lead_by_status'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['new', 'pooled', 'given', 'accepted', 'closed'])), name='lead_status_known'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('registration__isnull', False), ('status', 'accepted')), models.Q(models.Q(('status', 'accepted'), _negated=True), ('registration', None)), _connector='OR'), name='lead_accepted_is_a_registration'),
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(fields=['partner', '-at'], name='gift_of_firm'),
        ),
        migrations.AddIndex(
            model_name='gift',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['answer_by'], name='gift_open'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('lead',), name='one_firm_has_a_lead'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.UniqueConstraint(condition=models.Q(('end__in', ['', 'declined', 'pulled_back'])), fields=('lead', 'partner'), name='not_to_the_same_firm_again'),
        ),
        migrations.AddConstraint(
            model_name='gift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end', ''), _negated=True)), _connector='OR'), name='gift_ended_has_an_end'),
        ),
        migrations.AddConstraint(
            model_name='leadentry',
            constraint=models.UniqueConstraint(fields=('lead', 'number'), name='lead_entry_in_order'),
        ),
        migrations.AddConstraint(
            model_name='turn',
            constraint=models.CheckConstraint(condition=models.Q(('weight__lte', 10)), name='lead_turn_weight_in_range'),
        ),
    ]
