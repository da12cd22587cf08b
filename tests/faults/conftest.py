import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from door import Door  # noqa: E402


@pytest.fixture
def door(tmp_path) -> Door:
    return Door(tmp_path)
