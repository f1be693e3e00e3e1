#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The Grafana dashboard against what vmtop really serves.

  dashboard.py check DASHBOARD SCRAPE    its shape; its metrics and labels
  dashboard.py query DASHBOARD URL       a Prometheus there has an answer to
                                         every panel and variable
"""
import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from prometheus_client.openmetrics import parser

PANELS = {"stat", "timeseries", "heatmap"}
BUILTIN = {"__rate_interval", "__all"}
PATIENCE_S = 90


def labels_by_metric(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        families = list(parser.text_string_to_metric_families(f.read()))
    labels = {}
    for family in families:
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    return labels


def variables(board):
    return {v["name"]: v for v in board["templating"]["list"]}


def queries(board):
    """Where it stands, and what is asked there."""
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield f"{panel['title']} {target['refId']}", target["expr"]


def check_shape(board):
    for key in ("title", "uid", "schemaVersion", "time", "panels",
                "templating"):
        assert board[key], key
    assert isinstance(board["schemaVersion"], int)
    taken = set()
    for panel in board["panels"]:
        assert panel["type"] in PANELS, panel["type"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["description"], panel["title"]
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                 for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24, panel["title"]
        assert cells and not cells & taken, f"{panel['title']} overlaps"
        taken |= cells
        refs = [t["refId"] for t in panel["targets"]]
        assert refs and len(refs) == len(set(refs)), panel["title"]
        for target in [panel] + panel["targets"]:
            assert target["datasource"] == {
                "type": "prometheus", "uid": "${datasource}"}, panel["title"]
    for key in ("id", "title"):
        values = [p[key] for p in board["panels"]]
        assert len(values) == len(set(values)), f"{key} is there twice"


def check_query(where, query, labels):
    """Each metric exists, and has the labels it is chosen and summed by."""
    metrics = set(re.findall(r"\bvmprof_\w+", query))
    assert metrics, f"{where}: no metric"
    for metric in metrics:
        assert metric in labels, f"{where}: vmtop serves no {metric}"
    for metric, chosen in re.findall(r"\b(vmprof_\w+)\{([^}]*)\}", query):
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", chosen):
            assert label in labels[metric], f"{where}: {metric} by {label}"
    everywhere = set.intersection(*(labels[m] for m in metrics))
    for group in re.findall(r"\b(?:by|on) \(([^)]*)\)", query):
        for label in group.split(","):
            assert label.strip() in everywhere, f"{where}: by {label}"


def check(board, scrape):
    labels = labels_by_metric(scrape)
    known = variables(board)
    text = json.dumps(board)
    check_shape(board)
    for name in re.findall(r"\bvmprof_[a-z_]+", text):
        assert name in labels, f"vmtop serves no {name}"
    for name in re.findall(r"\$\{?(\w+)", text):
        assert name in known or name in BUILTIN, f"no variable {name}"
    for where, query in queries(board):
        check_query(where, query, labels)
    for name, variable in known.items():
        if variable["type"] == "query":
            metric, label = label_values(variable)
            assert label in labels[metric.split("{")[0]], name


def label_values(variable):
    query = variable["query"]["query"]
    return re.fullmatch(r"label_values\((.*), (\w+)\)", query).groups()


def ask(url, query):
    query = query.replace("$__rate_interval", "20s")
    query = re.sub(r"\$(machine|vm)\b", ".*", query)
    args = urllib.parse.urlencode({"query": query})
    try:
        with urllib.request.urlopen(f"{url}/api/v1/query?{args}",
                                    timeout=30) as answer:
            return json.load(answer)["data"]["result"]
    except urllib.error.HTTPError as e:
        sys.exit(f"{query}: {e.read().decode()}")
    except urllib.error.URLError:
        return []  # it has not begun to listen


def has_number(result):
    """NaN is what 0 / 0 gives: nothing to show."""
    return any(r["value"][1] != "NaN" for r in result)


def query(board, url):
    wanted = dict(queries(board))
    wanted.update((name, label_values(v)[0])
                  for name, v in variables(board).items()
                  if v["type"] == "query")
    end = time.monotonic() + PATIENCE_S
    while wanted and time.monotonic() < end:
        wanted = {where: q for where, q in wanted.items()
                  if not has_number(ask(url, q))}
        time.sleep(1 if wanted else 0)
    assert not wanted, f"no answer to {wanted}"


def main(what, dashboard, against):
    with open(dashboard, encoding="utf-8") as f:
        board = json.load(f)
    {"check": check, "query": query}[what](board, against)


main(*sys.argv[1:])
