"""The test blocks inside the service's own modules, through the compiler that stands beside the program."""
import os
import re
import subprocess
import sys
from pathlib import Path

compiler = Path(os.environ.get("JANUS_KV", "build/janus-kv")).absolute().with_name("janus")
done = subprocess.run([compiler, "test", "apps/kv/"], capture_output=True, text=True, cwd=Path(__file__).parents[2])
lines = [line for line in done.stdout.splitlines() if re.match(r"ok |FAIL ", line)]
print(done.stdout, end="")
if done.returncode != 0 or not lines:
    print(f"FAIL janus test apps/kv: exit code {done.returncode}, {len(lines)} results\n  {done.stderr[:2000]}")
    sys.exit(1)
