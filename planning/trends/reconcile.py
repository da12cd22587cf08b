"""Make the parts add up to the wholes: raking to two margins.

Belongs here: iterative proportional fitting of a stack of tables to row and column totals. Does not
belong here: the forecasts of parts or totals, and any choice of which total to believe.

Method: iterative proportional fitting (Deming & Stephan 1940, Ann. Math. Stat. 11): scale the rows
to their totals, then the columns, until both hold. Nothing becomes negative and a zero cell stays
zero – which the least-squares reconciliations cannot promise. See docs/methods/reconciliation.md.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


# A positive table that still crawls after all rounds is blended with the independent one, more each time:
# margins far from a table's own can take tens of thousands of sweeps, and the last step meets them at once.
BLENDS = (0.01, 0.1, 1.0)


class MarginError(ValueError):
    """The margins cannot be met: they disagree in total, or a zero pattern forbids them."""


def rake(
    cube: Floats,
    row_totals: Floats,
    col_totals: Floats,
    *,
    tolerance: float = 1e-12,
    rounds: int = 2000,
) -> Floats:
    """Scale tables to their margins; every draw (leading axis) on its own.

    Args:
        cube: (..., R, C) non-negative first guesses.
        row_totals: (..., R) non-negative.
        col_totals: (..., C) non-negative, the same grand total as `row_totals` (see `agree`).
        tolerance: Largest miss of any margin, as a share of the grand total.
        rounds: Limit of sweeps over rows and columns.

    Returns:
        (..., R, C). A row or column whose total is zero is zero. A row or column that is all zero
        but must not be is first filled in proportion to the other margin.

    Raises:
        MarginError: Totals disagree by more than 1e-9 of the grand total; negative or blank input;
            zeros elsewhere in the table leave no room for a margin.
    """
    cube, rows, cols = (np.array(a, dtype=np.float64) for a in (cube, row_totals, col_totals))
    for name, array in (("cube", cube), ("row_totals", rows), ("col_totals", cols)):
        if not (np.isfinite(array).all() and (array >= 0).all()):
            raise MarginError(f"{name}: raking needs finite values of zero or more")
    if cube.shape[-2:] != (rows.shape[-1], cols.shape[-1]):
        raise MarginError(
            f"cube {cube.shape} does not fit {rows.shape[-1]} rows and {cols.shape[-1]} columns"
        )
    lead = np.broadcast_shapes(cube.shape[:-2], rows.shape[:-1], cols.shape[:-1])
    cube = np.broadcast_to(cube, lead + cube.shape[-2:]).copy()
    rows = np.broadcast_to(rows, lead + rows.shape[-1:])
    cols = np.broadcast_to(cols, lead + cols.shape[-1:])
    grand = rows.sum(axis=-1)
    if (np.abs(grand - cols.sum(axis=-1)) > 1e-9 * grand).any():
        raise MarginError(
            "row_totals and col_totals have different sums; bring them together with `agree` first"
        )
    cols = cols * _ratio(grand, cols.sum(axis=-1))[..., None]
    cube = _fill_empty(cube, rows, cols)
    if not cube.size:
        return cube
    flat, rows, cols = (
        cube.reshape(-1, *cube.shape[-2:]),
        *(np.broadcast_to(m, lead + m.shape[-1:]).reshape(-1, m.shape[-1]) for m in (rows, cols)),
    )
    crawling = np.arange(len(flat))
    for share in (0.0, *BLENDS):
        if share:
            crawling = crawling[_is_open(flat[crawling], rows[crawling], cols[crawling])]
            part = _blended(flat[crawling], rows[crawling], cols[crawling], share)
            flat[crawling] = part
        flat[crawling], miss = _sweep(flat[crawling], rows[crawling], cols[crawling], tolerance, rounds)
        stuck = miss > tolerance
        if not stuck.any():
            break
        crawling = crawling[stuck]
    worst = _miss(flat, rows, cols).max(initial=0.0)
    if worst <= tolerance:
        return flat.reshape(cube.shape)
    raise MarginError(
        f"raking stopped after {rounds} rounds with a miss of {worst:.1e} of the grand total: zero "
        "cells leave no room for a margin; allow more cells or change the totals"
    )


def _sweep(cube: Floats, rows: Floats, cols: Floats, tolerance: float, rounds: int) -> tuple[Floats, Floats]:
    """Rows and columns in turn; tables that meet their margins rest. Returns tables and misses."""
    settled, miss, moving = cube.copy(), np.zeros(len(cube)), np.arange(len(cube))
    for _ in range(rounds):
        cube *= _ratio(cols, cube.sum(axis=-2))[..., None, :]
        cube *= _ratio(rows, cube.sum(axis=-1))[..., :, None]
        missed = _miss(cube, rows, cols)
        rests = missed <= tolerance
        if rests.any():
            settled[moving[rests]] = cube[rests]
            cube, rows, cols, moving = cube[~rests], rows[~rests], cols[~rests], moving[~rests]
            missed = missed[~rests]
            if not len(moving):
                return settled, miss
    settled[moving], miss[moving] = cube, missed
    return settled, miss


def _miss(cube: Floats, rows: Floats, cols: Floats) -> Floats:
    """(n,) largest miss of any margin, as a share of the grand total."""
    of_cols = np.abs(cube.sum(axis=-2) - cols).max(axis=-1, initial=0.0)
    of_rows = np.abs(cube.sum(axis=-1) - rows).max(axis=-1, initial=0.0)
    missed: Floats = np.maximum(of_cols, of_rows) / np.maximum(rows.sum(axis=-1), 1e-300)
    return missed


def _is_open(cube: Floats, rows: Floats, cols: Floats) -> NDArray[np.bool_]:
    """(n,) no zero stands where both margins hold something, so that the margins can be met."""
    shut = (cube == 0) & (rows[..., :, None] > 0) & (cols[..., None, :] > 0)
    is_open: NDArray[np.bool_] = ~shut.any(axis=(-2, -1))
    return is_open


def agree(row_totals: Floats, col_totals: Floats) -> tuple[Floats, Floats]:
    """Scale two margins to one grand total, the geometric mean of their sums, draw by draw.

    Each margin is a forecast of its own; neither is truer, so both move by the same factor.

    >>> rows, cols = agree(np.array([1.0, 1.0]), np.array([8.0]))
    >>> rows.tolist(), cols.tolist()
    ([2.0, 2.0], [4.0])
    """
    rows, cols = np.asarray(row_totals, dtype=np.float64), np.asarray(col_totals, dtype=np.float64)
    of_rows, of_cols = rows.sum(axis=-1, keepdims=True), cols.sum(axis=-1, keepdims=True)
    grand = np.sqrt(of_rows * of_cols)
    return rows * _ratio(grand, of_rows), cols * _ratio(grand, of_cols)


def _fill_empty(cube: Floats, rows: Floats, cols: Floats) -> Floats:
    """Give an all-zero row or column that must hold something the shape of the other margin."""
    empty_row = (cube.sum(axis=-1) == 0) & (rows > 0)
    cube = np.where(empty_row[..., :, None], cols[..., None, :], cube)
    empty_col = (cube.sum(axis=-2) == 0) & (cols > 0)
    return np.where(empty_col[..., None, :], rows[..., :, None], cube)


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """Factor from found to wanted; 0 where nothing is found (a zero stays a zero)."""
    return np.divide(wanted, found, out=np.zeros(np.broadcast(wanted, found).shape), where=found > 0)


def supported(cube: Floats, row_totals: Floats, col_totals: Floats, *, share: float = 1e-3) -> Floats:
    """The cube with a small share of independence in it, so that its margins can be met.

    A leaf that no sampled person fell into is zero by chance, not by law. Where both its row and its column
    have something, a thousandth of row × column ÷ total keeps raking from crawling along such zeros.

    Args:
        cube: (..., R, C) leaves.
        row_totals: (..., R) totals the rows will be raked to.
        col_totals: (..., C) totals the columns will be raked to.
        share: Share of the independent table.

    Returns:
        (..., R, C) leaves, positive wherever both margins are.
    """
    return _blended(cube, row_totals, col_totals, share)


def _blended(cube: Floats, rows: Floats, cols: Floats, share: float) -> Floats:
    """The table with a share of row × column ÷ total."""
    total = np.maximum(rows.sum(axis=-1), 1e-300)[..., None, None]
    independent = rows[..., :, None] * cols[..., None, :] / total
    blended: Floats = (1.0 - share) * cube + share * independent
    return blended
