"""In what does a job compute? A Python with the same packages as this one, but none of our code.

An editable install puts the launcher's checkout on the path of every process of the environment.
A node has its snapshot only: so here the packages are there, and what `.pth` files add is not.
"""

import os
import sys
import sysconfig
from pathlib import Path

SEARCHED = "/usr/local/bin:/usr/bin:/bin"
KEPT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH")


def make_image(folder: Path) -> dict[str, str]:
    """Write the environment into a folder; return the variables that its processes get."""
    base = Path(os.path.realpath(sys.executable))
    (folder / "bin").mkdir(parents=True)
    for name in ("python", "python3"):
        (folder / "bin" / name).symlink_to(base)
    (folder / "pyvenv.cfg").write_text(f"home = {base.parent}\n")
    packages = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    packages.mkdir(parents=True)
    (packages / "image.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {"LANG": "C.UTF-8", **kept, "PATH": f"{folder / 'bin'}:{SEARCHED}"}
