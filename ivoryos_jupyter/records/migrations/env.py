"""Where does Alembic run the steps?  On the connection that the store gives it, in one transaction."""

from alembic import context

from ivoryos_jupyter.records._version import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
