"""The benchmark: what every page and every heavy act costs, beside two floors measured in the same run.

Counters (queries, buffers, bound parameters, memory growth) repeat exactly and are gates. Times are reported as
ratios of medians over interleaved rounds and are never a gate, but for the negative controls, which must be slow.
"""
