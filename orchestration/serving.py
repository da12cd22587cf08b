"""Starting Streamlit on the dashboards: this machine only, nothing sent outside, warm before the port opens.

Belongs here: the process. Does not belong here: any page (`dashboards/`), which is never imported.
"""

import os
import runpy
import socket
import sys

from orchestration.errors import UserError
from orchestration.settings import ROOT, Settings

OPTIONS = {
    "server.address": "127.0.0.1",
    "server.headless": "true",
    "browser.gatherUsageStats": "false",
    "server.fileWatcherType": "none",
    "client.showErrorDetails": "none",
}


def refuse_taken(port: int) -> None:
    """See that nobody listens on the port, before anybody is told its address.

    Raises:
        UserError: The port is taken.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise UserError(
                f"Port {port} is taken.", where="127.0.0.1", mend=f"choose another: --port {port + 1}"
            ) from None


def start_dashboards(settings: Settings, port: int, *, audience: str, is_demonstration: bool) -> None:
    """Serve until interrupted.

    Two readers opening a cold server at once can hang it for ever when pandas is first imported in two
    threads, so pandas, Arrow and one query run here before the port opens.
    """
    import babel.dates  # noqa: F401 - warm, see above; the rest so that the first page does not wait for it
    import duckdb
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import pyarrow  # noqa: F401
    import xlsxwriter  # noqa: F401

    import planning.projection.projector  # noqa: F401

    duckdb.sql("select 1 as warm").df()
    os.environ.update(settings.child_environment)
    if settings.boundaries_path:  # made absolute: Streamlit runs in another folder
        os.environ["MEDKADR_BOUNDARIES"] = str(settings.boundaries_path)
    if audience:
        os.environ["MEDKADR_AUDIENCE"] = audience
    elif is_demonstration:  # the pages prefer a table of roles (MEDKADR_ROLES) where there is one
        os.environ["MEDKADR_DEMONSTRATION"] = "1"
    options = [f"--{name}={value}" for name, value in {**OPTIONS, "server.port": port}.items()]
    os.chdir(ROOT / "dashboards")
    sys.argv = ["streamlit", "run", str(ROOT / "dashboards" / "app.py"), *options]
    runpy.run_module("streamlit", run_name="__main__")
