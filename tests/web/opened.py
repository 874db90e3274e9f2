"""The web application for page tests, as it is in earnest, without making twice what is the same in all of them."""

from dataclasses import dataclass, fields
from functools import cache
from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from callbacks.ports import Services
from callbacks.settings import Settings, load_settings
from web.app import create_app


class CompiledTemplates(BytecodeCache):
    """The templates of all applications of this process: compiling them took two thirds of the time of a page."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = CompiledTemplates()


@dataclass
class Opened:
    """One application for all browsers, until something that it works with has become another."""

    told: tuple[str, str] = ("", "")
    services: Services | None = None
    made: Flask | None = None

    def app(self, services: Services, database_url: str, public_base_url: str, demo: str = "") -> Flask:
        told = (public_base_url, demo)
        if self.made is None or self.told != told or not _same(self.services, services):
            self.told, self.services = told, services
            self.made = new_app(services, database_url, public_base_url, demo)
        return self.made


def new_app(services: Services, database_url: str, public_base_url: str, demo: str = "") -> Flask:
    """Return an application of its own."""
    app = create_app(services, _settings(database_url, public_base_url, demo))
    app.jinja_env.bytecode_cache = _COMPILED
    return app


def _same(one: Services | None, other: Services) -> bool:
    return all(getattr(one, field.name, None) is getattr(other, field.name) for field in fields(other))


@cache
def _settings(database_url: str, public_base_url: str, demo: str) -> Settings:
    return load_settings(
        {
            "DATABASE_URL": database_url,
            "PUBLIC_BASE_URL": public_base_url,
            "SECRET_KEY": "for tests " * 5,
            "RINGBACK_DEMO": demo,
        }
    )
