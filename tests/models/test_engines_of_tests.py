"""What a process remembers of an engine must not reach the next test."""

from models.sessions import Database


def test_a_test_has_engines_of_its_own_that_share_what_is_compiled(
    database: Database, databases: dict[str, Database]
) -> None:
    kept = databases[database.url]
    assert database.writer is not kept.writer
    assert database.reader is not kept.reader
    assert database.writer._compiled_cache is kept.writer._compiled_cache
    assert database.reader._compiled_cache is kept.reader._compiled_cache
    assert database.writer.pool is kept.writer.pool
