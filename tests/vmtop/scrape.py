#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Reads what vmtop serves by the parsers of the formats' own people.

  scrape.py SCRAPE [LATER]    OpenMetrics; no counter of LATER may be smaller
  scrape.py --text SCRAPE     Prometheus' own format
"""
import sys

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics


def families_of(path, parse):
    with open(path, encoding="utf-8", newline="\n") as f:
        return list(parse(f.read()))


def samples_of(families):
    samples = {}
    for family in families:
        assert family.name.startswith("vmprof_"), family.name
        assert family.documentation, family.name
        for s in family.samples:
            key = (s.name, tuple(sorted(s.labels.items())))
            assert key not in samples, f"{key} is there twice"
            samples[key] = s.value
    return samples


def counters_of(families):
    return samples_of(f for f in families if f.type in ("counter", "histogram"))


def main(argv):
    if argv[0] == "--text":
        families = families_of(argv[1],
                               parser.text_string_to_metric_families)
        assert samples_of(families)
        return
    scrapes = [families_of(path, openmetrics.text_string_to_metric_families)
               for path in argv]
    for families in scrapes:
        assert samples_of(families)
    before = counters_of(scrapes[0])
    after = counters_of(scrapes[-1])
    for key, value in before.items():
        assert after.get(key, -1) >= value, f"{key} got smaller"


main(sys.argv[1:])
