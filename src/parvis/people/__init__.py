"""Who is here: accounts, how they sign in, which apps act for them, whom they follow, and what AI work they may spend.

Doors hand in handles, passwords, tokens and ids; Accounts come out. Secrets are kept as hashes only, and every counter
changes in the transaction of what it counts.
"""
