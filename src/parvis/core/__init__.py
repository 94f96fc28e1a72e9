"""The ground every room stands on: identifiers, errors, settings, time, text and log lines.

It knows nothing of the network.
"""
