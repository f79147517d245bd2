"""Give the quantities of existing sensors an unknown source, so that the fields which fed them go on feeding them."""

from django.db import migrations

# The first field that claims one of these quantities takes the row's place, see `ingest.senders.source_fields`.
_INHERIT = """
INSERT INTO sensors_sourcefield (sensor_id, source, quantity, label, first_at)
SELECT sensor_id, '', name, '', coalesce(observed_at, transaction_timestamp())
FROM sensor_state CROSS JOIN LATERAL jsonb_object_keys("values") AS name WHERE length(name) <= 64
"""


class Migration(migrations.Migration):
    dependencies = [("readings", "0005_months"), ("sensors", "0014_source_fields_and_notices")]

    operations = [migrations.RunSQL(_INHERIT, migrations.RunSQL.noop)]
