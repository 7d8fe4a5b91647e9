"""How did the tables come to be what they are?  Alembic's steps, from IvoryOS's tables to ours."""
