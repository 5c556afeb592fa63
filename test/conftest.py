"""The tests have a disk cache of their own, unless AICC_CACHE names one."""

import atexit
import os
import shutil
import tempfile

if "AICC_CACHE" not in os.environ:
    os.environ["AICC_CACHE"] = tempfile.mkdtemp(prefix="aicc-cache-")
    atexit.register(shutil.rmtree, os.environ["AICC_CACHE"], ignore_errors=True)
