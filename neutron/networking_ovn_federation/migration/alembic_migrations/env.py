"""Run by neutron-db-manage."""

from logging import config as logging_config

from alembic import context
from neutron_lib.db import model_base
from oslo_db.sqlalchemy import enginefacade

VERSION_TABLE = 'alembic_version_ovn_federation'

config = context.config
neutron_config = config.neutron_config
logging_config.fileConfig(config.config_file_name)


def run_offline():
    context.configure(url=neutron_config.database.connection or None,
                      dialect_name=None if neutron_config.database.connection else neutron_config.database.engine,
                      version_table=VERSION_TABLE)
    with context.begin_transaction():
        context.run_migrations()


def run_online():
    facade = enginefacade.transaction_context()
    facade.configure(connection=neutron_config.database.connection)
    engine = facade.writer.get_engine()
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=model_base.BASEV2.metadata,
                          version_table=VERSION_TABLE)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
