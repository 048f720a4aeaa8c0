"""The portal under test, and the steps that are counted."""

import contextlib
import json
import subprocess
import traceback


class Portal:
    """The example `portal`, started by its path with its arguments."""

    def __init__(self, command):
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = json.loads(self._process.stdout.readline())

    def fail_next(self, code):
        """The next request is answered with this error."""
        print(code, file=self._process.stdin, flush=True)
        assert self._process.stdout.readline().strip() == code

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=10)


class Skip(Exception):
    """The step is not for this portal; says why."""


class Steps:
    """How the steps went."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    @contextlib.contextmanager
    def step(self, name, skips=lambda error: None):
        """Runs the block as a step; an error for which `skips` has a reason skips it."""
        try:
            yield
        except Exception as error:
            reason = str(error) if isinstance(error, Skip) else skips(error)
            if reason:
                self.skipped += 1
                print(f"skip  {name}: {reason}")
            else:
                self.failed += 1
                print(f"FAIL  {name}")
                print("".join(traceback.format_exception(type(error), error, error.__traceback__)))
        else:
            self.passed += 1
            print(f"ok    {name}")

    def finish(self):
        """Prints the sums and exits."""
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        raise SystemExit(1 if self.failed else 0)
