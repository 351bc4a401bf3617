"""The README names each package that asks something of who passes it on."""

import re
from collections import defaultdict
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

README = (Path(__file__).parents[1] / "README.md").read_text()
COPYLEFT = re.compile(r"\b[AL]?GPL|General Public License|\bMPL|Mozilla|\bEUPL|\bCDDL")


def installed() -> dict[str, Distribution]:
    """Everything that the kiosk is installed with, as far as it is here: its dependencies, theirs, and all extras'."""
    found: dict[str, Distribution] = {}
    seen: defaultdict[str, set[str]] = defaultdict(set)
    wanted = [Requirement("maya-kiosk")]
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        extras = {"", *requirement.extras}
        if name == "maya-kiosk":
            extras |= {*(package.metadata.get_all("Provides-Extra") or [])}
        if name in found and extras <= seen[name]:
            continue
        found[name] = package
        seen[name] |= extras
        for line in package.requires or []:
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                wanted.append(needed)
    return found


def licence_of(package: Distribution) -> str:
    metadata = package.metadata
    named = [metadata["License-Expression"], metadata["License"], *(metadata.get_all("Classifier") or [])]
    return " ".join(text for text in named if text and not text.startswith("Programming Language"))


def test_every_package_under_a_copyleft_licence_is_named():
    licences = README[README.index("## Licence") :]
    packages = installed()
    assert {"pygame", "num2words", "soxr"} <= packages.keys()
    copyleft = {name for name, package in packages.items() if COPYLEFT.search(licence_of(package))}
    assert {name for name in copyleft if not re.search(rf"\b{name}\b", licences)} == set()


def test_packages_that_name_no_licence_or_bring_a_library_under_another_are_named_too():
    licences = README[README.index("## Licence") :]
    nameless = {name for name, package in installed().items() if not licence_of(package).strip()}
    assert {name for name in nameless if name not in licences} == set()
    assert re.search(r"espeakng-loader.*eSpeak NG.*GPL-3\.0-or-later", licences)
    assert re.search(r"soundfile.*libsndfile.*LGPL-2\.1-or-later", licences)
