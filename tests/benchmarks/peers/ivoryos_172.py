"""How long does a recorded step take in IvoryOS 1.7.2?  Run by `against_peers` in an environment of its own; prints each call's time."""

import json
import logging
import os
import sys
import time
from pathlib import Path

from ivoryos.app import create_app
from ivoryos.config import Config
from ivoryos.parsers.introspection import generate_interface_schema
from ivoryos.runtime.runner_runtime import global_state
from ivoryos.runtime.safety import guard
from ivoryos.runtime.script_runner import ScriptRunner
from ivoryos.script import Script
from ivoryos.socket_handlers import socketio

STEPS = int(sys.argv[1])
CALLS = []
LIMITS = {"pump": {"dose": {"volume_ml": {"max": 5.0}}}}


class Pump:
    """Looks at the clock."""

    def dose(self, volume_ml: float) -> float:
        """Return what it was given."""
        CALLS.append(time.perf_counter())
        return volume_ml


pump = Pump()


def action(number):
    """Return one step as IvoryOS keeps it."""
    return {
        "id": number, "uuid": number, "instrument": "deck.pump", "action": "dose", "args": {"volume_ml": 1.0}, "return": "left",
        "arg_types": {"volume_ml": "float"}, "coroutine": False, "batch_action": False, "consolidate_batch_args": [],
        "arg_order": ["volume_ml"], "return_format": {"kind": "scalar", "types": ["float"], "annotation": "<class 'float'>"},
    }  # fmt: skip


def main():
    """Run one workflow of so many steps."""
    folder = Path(Config.OUTPUT_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "safety.json").write_text(json.dumps(LIMITS), encoding="utf-8")
    app = create_app(Config)
    app.config.update(LOGGERS=None, OFF_LINE=False, MODULE=__name__)
    guard.configure(str(folder / "safety.json"))
    global_state.deck = sys.modules[__name__]
    generated = generate_interface_schema(global_state.deck, output_path=str(folder / "pseudo_deck"), save=False)
    global_state.interface_schema = generated
    actions = [action(number) for number in range(1, STEPS + 1)]
    script = Script(name="bench", deck="bench", author="admin", script_dict={"prep": [], "script": actions, "cleanup": []})
    runner = ScriptRunner(globals())
    logger = logging.getLogger("gui_logger")
    logger.setLevel(logging.WARNING)
    results = str(folder / "results") + os.sep
    with app.app_context():
        runner.run_script(
            script=script,
            run_name="bench",
            logger=logger,
            socketio=socketio,
            repeat_count=1,
            output_path=results,
            current_app=app,
            submitted_by="admin",
        )
        deadline = time.monotonic() + 60
        while len(CALLS) < STEPS and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
    sys.__stdout__.write("\n" + json.dumps(CALLS) + "\n")
    sys.__stdout__.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
