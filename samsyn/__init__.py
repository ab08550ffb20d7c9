"""Samsyn: a programme of change in which people are asked, and hear what came of it."""

import os

__version__ = "0.1.0"

# One thread for linear algebra, said before numpy is imported: sums are then added in the same order on every machine,
# and processes that share its cores do not wait for each other's threads.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_threads, "1")
