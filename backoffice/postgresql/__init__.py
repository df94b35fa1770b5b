"""The engine of the database that Django loads where `DATABASE_URL` names PostgreSQL."""
