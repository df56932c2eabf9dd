"""How an older store becomes one of today; the newest number is `db.local.engine.VERSION`."""
