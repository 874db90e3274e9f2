"""What is said, as documents of the telephone provider: one template per moment, in the language of the leg."""

from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from flask import Response
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules.speakable import speakable
from callbacks.workflows import announcing
from ivr.signature import public_url
from models.vocabulary import Language

CONTENT_TYPE = "text/xml; charset=utf-8"
LONGEST = 120
"""Characters of one name or number within a sentence: some eight seconds of speech."""
LONGER = {"announced": announcing.LONGEST}
"""What a supervisor wrote is a text of its own, checked when it was entered."""
RESERVED = frozenset({"key", "language"})
"""Values a template may know, but that no text has a place for."""


def render(name: str, language: Language, services: Services, **values: object) -> Response:
    """Answer with `twiml_templates/<name>.xml`.

    Templates say `{{ say("key") }}`, with `language="fr"` for a sentence in another tongue and values of its own where
    several sentences are alike, and get addresses from `{{ url(path, round=2) }}`. `values` are known to the template;
    where they fill a text that is said, strings among them are made speakable first. Raises KeyError for an unknown
    text and UndefinedError for an unknown name.
    """
    spoken = {
        name: speakable(value, LONGER.get(name, LONGEST)) if isinstance(value, str) else value
        for name, value in values.items()
        if name not in RESERVED
    }

    def say(key: str, *, language: str = language, **own: str) -> Markup:
        told = {name: speakable(value, LONGEST) for name, value in own.items()}
        return _say(services, Language(language), key, {**spoken, **told})

    def url(path: str, **query: object) -> str:
        return public_url(services.webhooks, path) + (f"?{urlencode(query)}" if query else "")

    body = _templates().get_template(name).render({**values, "language": str(language), "say": say, "url": url})
    return Response(body, content_type=CONTENT_TYPE)


def heard() -> Response:
    """Answer a status callback: an empty document, which changes nothing of the call."""
    return Response("<Response/>", content_type=CONTENT_TYPE)


def _say(services: Services, language: Language, key: str, values: dict[str, object]) -> Markup:
    tag, voice = services.webhooks.voices[language]
    text = services.texts.text(language, key, **values)
    return Markup('<Say language="{}" voice="{}">{}</Say>').format(tag, voice, text)


@cache
def _templates() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_source),
    )
    environment.globals["paths"] = webhook_paths
    return environment


def _source(name: str) -> str | None:
    template = files("twiml_templates") / f"{name}.xml"
    return template.read_text(encoding="utf-8") if template.is_file() else None
