"""Business rules that a synthetic extract for measuring is made of: those of Dudley, and of the ten what Dudley does not ask for.
So the same extract has rows for ten indicators and for a whole framework.

usage: rules_for_data.py DUDLEY TEN OUT
"""

import re
import shutil
import sys
from pathlib import Path

dudley, ten, out = (Path(argument) for argument in sys.argv[1:4])
shutil.rmtree(out, ignore_errors=True)
shutil.copytree(dudley, out)
domain = out / "only-in-ten"
domain.mkdir()
new = [file for file in (ten / "code-sets").glob("*.csv") if not (out / "code-sets" / file.name).exists()]
for file in new:
    shutil.copy(file, out / "code-sets")
for name in ["indicators/lipids.toml", "indicators/smear.toml", "registers/chd-or-stroke.toml"]:
    shutil.copy(ten / name, out / "registers" if name.startswith("registers") else domain)
limits = re.findall(rf"^(?:{'|'.join(file.stem for file in new)})\s*=.*$", (ten / "framework.toml").read_text(), re.MULTILINE)
framework = (out / "framework.toml").read_text().replace("[values]\n", "\n".join(["[values]", *limits, ""]), 1)
(out / "framework.toml").write_text(framework + '\n[[domain]]\nid = "only-in-ten"\ntitle = "Only in the ten"\n')
