from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_no_last_login")]

    operations = [
        migrations.AlterField(
            model_name="user", name="language", field=models.CharField(blank=True, max_length=2)
        ),
    ]
