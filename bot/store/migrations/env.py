"""What Alembic runs: the migrations, on the connection it was given, inside the transaction that is open there."""

from alembic import context

from bot.store.rows import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
