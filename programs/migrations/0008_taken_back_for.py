from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0007_names_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='move',
            name='taken_back_for',
            field=models.CharField(blank=True, choices=[('otherwise', 'The figures say something else now.'), ('reached', 'The figures reach what is asked again.'), ('asked_less', 'What is asked changed, and nothing of it is missing now.'), ('by_hand', 'The tier was changed by hand meanwhile.'), ('suspended', 'The firm was suspended.'), ('ended', 'The partnership had ended.')], db_default='', default='', max_length=12),
        ),
    ]
