"""On Spark: the same rules through `mapInArrow`, a bucket of sellers a row; tallies are merged.

A local Spark, or a Spark Connect server elsewhere that sees the same lake under the same path and
has this package installed. An optional extra (`xiaobao[spark]`); nothing imports it unasked.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import TYPE_CHECKING, Any

from xiaobao.kernel.problems import Problem
from xiaobao.lab.engines.asking import answer_of
from xiaobao.lab.history.lake import Lake
from xiaobao.lab.tallies.shapes import Tally, as_bytes, from_bytes, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from xiaobao.lab.engines.question import Question


class SparkMissing(Problem):
    """The extra is not installed."""

    code = "lab.spark_missing"
    status = 422
    zh = (
        "没有安装 Spark：pip install 'xiaobao[spark]'（还需要 Java 17 或更新），"
        "或用 --engine local"
    )
    en = (
        "Spark is not installed: pip install 'xiaobao[spark]' (Java 17 or newer too), or use "
        "--engine local"
    )


class SparkUnusable(Problem):
    """Spark does not start, or its server does not answer."""

    code = "lab.spark_unusable"
    status = 503
    zh = "Spark 不能用：{said}。检查 JAVA_HOME 与 --spark 的地址，或用 --engine local"
    en = "Spark cannot be used: {said}. Check JAVA_HOME and the address of --spark, or use local"


class LakeNeeded(Problem):
    """Spark's workers read a lake; none of them can read the embedded database."""

    code = "lab.lake_needed"
    status = 422
    zh = "Spark 只读导出的历史：先 xiaobao lab export --out 目录，再加 --lake 目录"
    en = "Spark reads exported history only: xiaobao lab export --out DIR, then add --lake DIR"


def answer(
    lake: Lake, question: Question, *, address: str | None,
    progress: Callable[[int, int, str], None],
) -> Tally:  # fmt: skip
    """The whole answer, to the last byte the one of the local engine.

    :raises SparkMissing: if the extra is not installed
    :raises SparkUnusable: if Spark does not start or answer
    """
    session = _session(address)
    # Tasks are told what to do as bytes: plain functions of this package run on the workers.
    task = pickle.dumps((str(lake.path.resolve()), question))

    def answered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return answers_of(batches, task)

    try:
        buckets = session.range(0, lake.buckets, 1, lake.buckets)
        rows = buckets.mapInArrow(answered, "tally binary").collect()
    finally:
        session.stop()
    whole = Tally()
    for done, row in enumerate(rows, 1):
        whole = merged(whole, from_bytes(bytes(row[0])))
        progress(done, lake.buckets, "")
    return whole


def answers_of(batches: Iterator[pa.RecordBatch], task: bytes) -> Iterator[pa.RecordBatch]:
    """On a worker: the tally of each bucket named, merged over the batch."""
    import pyarrow as pa

    path, question = pickle.loads(task)  # noqa: S301  written by the driver above
    lake = Lake(path)
    for batch in batches:
        whole = Tally()
        for bucket in batch.column(0).to_pylist():
            whole = merged(whole, answer_of(lake, bucket, question))
        yield pa.RecordBatch.from_arrays([pa.array([as_bytes(whole)], pa.binary())], ["tally"])


def _session(address: str | None) -> Any:
    """:raises SparkMissing, SparkUnusable: if there is none to be had"""
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as problem:
        raise SparkMissing from problem
    # Workers run the very interpreter that has this package.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("xiaobao lab")
    try:
        if address is not None:
            return builder.remote(address).getOrCreate()
        local = builder.master("local[*]").config("spark.ui.enabled", "false")
        local = local.config("spark.driver.host", "127.0.0.1")
        return local.config("spark.log.level", "ERROR").getOrCreate()
    except (PySparkException, RuntimeError, OSError) as problem:
        raise SparkUnusable(said=" ".join(str(problem).split())[:300]) from problem
