"""Forecasts the plan: the engine on a virtual clock, for all runs of a span together.

``House`` plays runs with what they share; ``forecast`` does so for P50 and P90 and says which
deadlines are at risk; ``whatif`` compares two forecasts.
"""
