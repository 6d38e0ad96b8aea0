"""Keeping watch over a server at work: what is counted and kept, checks on a schedule, alerts, messages.

A server's dispatcher (`dispatcher.py`) holds a lease in the store, so that one of several servers runs the checks
(`checks/`, one a file). What a check finds worth telling is a `Signal`; an alert keeps it until it is gone.
"""
