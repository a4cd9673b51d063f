"""What a hidden suite is written with."""

from dlgrade.datasets import load as dataset
from dlgrade.suite import check, distribution, oracle
from dlgrade.suite.cases import cases
from dlgrade.suite.criterion import criterion
from dlgrade.suite.draw import Draw
from dlgrade.suite.lab import lab

__all__ = ["Draw", "cases", "check", "criterion", "dataset", "distribution", "lab", "oracle"]
