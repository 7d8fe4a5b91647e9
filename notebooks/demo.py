"""Runs the quickstart without a browser and prints what its cells print: `make demo`."""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

WIDE = "import pandas as pd\npd.set_option('display.width', 220, 'display.max_columns', 12, 'display.max_colwidth', 32)"
HERE = Path(__file__).parent


def main() -> None:
    """Run it in a data folder of its own, so that each time it is a first time."""
    notebook = nbformat.read(HERE / "quickstart.ipynb", as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(WIDE))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IVORYOS_DATA"] = folder
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(HERE)}}).execute()
    for cell in notebook.cells[1:]:
        if cell.cell_type == "code":
            show(cell)


def show(cell: nbformat.NotebookNode) -> None:
    """Print a cell as a terminal would show it."""
    sys.stdout.write("\n>>> " + cell.source.replace("\n", "\n... ") + "\n")
    for output in cell.outputs:
        text = output.text if output.output_type == "stream" else output.get("data", {}).get("text/plain", "")
        sys.stdout.write(text.rstrip("\n") + "\n")


if __name__ == "__main__":
    main()
