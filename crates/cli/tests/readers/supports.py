"""Answers `supports` from features.json alone, and compares the answers with the vectors.

Usage: supports.py features.json vectors.json
"""

import json
import sys

# Each has all that the one before it has.
IMBOT_V2 = ["absent", "without-revision-get", "with-revision-get"]


def supports(feature, build):
    """Whether a build has a feature: True, False, or None if the build does not say."""
    requires = feature["requires"]
    if IMBOT_V2.index(build["imbot_v2"]) < IMBOT_V2.index(requires["imbot_v2"]):
        return False
    since, until = requires["since"], requires["until"]
    if since is None and until is None:
        return True
    revision = build.get(requires["counter"])
    if revision is None:
        return None
    return (since is None or revision >= since) and (until is None or revision < until)


def main(features_path, vectors_path):
    with open(features_path, encoding="utf-8") as file:
        table = json.load(file)
    with open(vectors_path, encoding="utf-8") as file:
        vectors = json.load(file)
    assert (table["form"], table["version"]) == ("export-features", 1)
    assert (vectors["form"], vectors["version"]) == ("export-vectors", 1)
    builds = {build["build"]: build for build in table["builds"]}
    agree, differ = 0, []
    for vector in vectors["support"]:
        build = builds[vector["build"]]
        for feature in table["features"]:
            name = feature["id"]
            expected = None if name in vector["unknown"] else name in vector["supported"]
            if supports(feature, build) is expected:
                agree += 1
            else:
                differ.append(f"{name} on {vector['build']}")
    if differ:
        sys.exit("differ: " + ", ".join(differ))
    print(f"{agree} answers agree")


main(*sys.argv[1:])
