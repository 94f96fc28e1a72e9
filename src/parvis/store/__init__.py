"""Keeps what was said: tables, statements, transactions, outbox, jobs, blobs and the live bus, on SQLite or PostgreSQL.

Rooms above hand in statements built once and events; what comes out is rows shaped as Structs. What a transaction
acknowledged survives a kill at any moment.
"""
