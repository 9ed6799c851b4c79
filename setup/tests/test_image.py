# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Dockerfile of docs/deployment, built on what stands in for Odoo's official image:
a distribution with Odoo's packages by apt. Odoo runs from the image, and takes a lead.

With ``CRM_LEAD_API_FULL=1``, as root, where mmdebstrap, buildah, and for Ubuntu its
keys (``ubuntu-keyring``) are on the machine: it downloads some hundred megabytes.
"""

import os
import resource
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from customers import IS_FULL
from odoo_database import read_config, write_config
from readme import ROOT

DOCKERFILE = ROOT / "docs" / "deployment" / "Dockerfile"
ODOO = Path(os.environ.get("ODOO_PATH", "")) / "odoo"
TOOLS = ("mmdebstrap", "buildah")
# What odoo:19 has of Python: what Odoo's own package for Debian depends on, and more
PACKAGES = """
    asn1crypto babel cbor2 chardet cryptography dateutil decorator docutils freezegun
    geoip2 gevent idna jinja2 libsass lxml lxml-html-clean magic markupsafe num2words
    ofxparse openpyxl openssl passlib phonenumbers pil pip polib psutil psycopg2 pypdf
    qrcode reportlab requests rjsmin serial setuptools stdnum typing-extensions tz
    urllib3 usb vobject werkzeug xlrd xlsxwriter xlwt zeep
""".split()
STAND_IN = """
FROM scratch
ADD image.tar /
RUN useradd --system odoo
USER odoo
"""
# The capability lets the user read the tests' files wherever they lie.
PYTHON = """#!/bin/sh
exec unshare --mount sh -c '
    for folder in /dev /proc /tmp {root}; do
        mkdir --parents {image}$folder
        mount --rbind $folder {image}$folder || exit
    done
    mkdir --parents {image}/usr/lib/python3/dist-packages/odoo
    mount --bind {odoo} {image}/usr/lib/python3/dist-packages/odoo
    unset PYTHONPATH PYTHONPYCACHEPREFIX
    caps=-all,+dac_read_search
    exec chroot {image} setpriv --reuid=odoo --regid=odoo --clear-groups \\
        --inh-caps=$caps --ambient-caps=$caps python3 "$@"
' - "$@"
"""
# Debian 13 and Ubuntu 24.04, with options of mmdebstrap
SUITES = {"trixie": [], "noble": ["--components=main,universe"]}
LIMITS = {"nofile": resource.RLIMIT_NOFILE, "nproc": resource.RLIMIT_NPROC}
pytestmark = pytest.mark.skipif(
    not (IS_FULL and os.geteuid() == 0 and all(map(shutil.which, TOOLS))),
    reason="see above",
)


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory(prefix="crm_lead_api.") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module", params=SUITES)
def image(request, folder):
    """The folder of the image's files, from the Dockerfile word for word."""
    context, storage = folder / request.param, folder / f"{request.param}.storage"
    context.mkdir()
    buildah = ["buildah", f"--root={storage}", f"--runroot={storage}.run"]
    buildah.append("--storage-driver=vfs")
    # Those of Docker may be more than the machine allows.
    limits = [
        "--ulimit={}={}:{}".format(name, *resource.getrlimit(limit))
        for name, limit in LIMITS.items()
    ]
    build = [*buildah, "build", "--isolation=chroot", "--network=host", *limits]
    build.append("--volume=/etc/ssl/certs:/etc/ssl/certs:ro")

    def run(*command):
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)

    packages = ",".join(f"python3-{name}" for name in PACKAGES)
    run(
        *("mmdebstrap", "--variant=minbase", f"--include=ca-certificates,{packages}"),
        *(*SUITES[request.param], request.param, context / "image.tar"),
    )
    (context / "Dockerfile").write_text(STAND_IN)
    run(*build, "--tag=odoo:19", context)
    source = folder / f"{request.param}.source"
    run("git", "clone", "--quiet", "--depth=1", f"file://{ROOT}", source)
    run(*build, f"--file={DOCKERFILE}", "--tag=odoo-leads", source)
    container = run(*buildah, "from", "odoo-leads").stdout.strip()
    yield Path(run(*buildah, "mount", container).stdout.strip())
    run(*buildah, "umount", container)


@pytest.fixture(scope="module")
def database(crm, image, folder):
    """A database with the addons of the image."""
    python = folder / "python"
    python.write_text(PYTHON.format(image=image, root=ROOT, odoo=ODOO))
    python.chmod(0o755)
    config = read_config()
    config.remove_option("options", "addons_path")
    config["options"]["data_dir"] = "/srv/odoo"
    config = write_config(config, folder / "odoo.conf")
    database = replace(crm.copy("image"), config=config, python=python)
    database.odoo("--init=crm_lead_api", "--with-demo", "--stop-after-init")
    return database


def test_requests(database, tmp_path):
    with database.serve(tmp_path / "log", "--max-cron-threads=0") as server:
        server.check_requests(*database.make_access())
