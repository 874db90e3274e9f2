"""Headers that go with every answer."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No exception for inline code: a name that got into a page unescaped still could not run."""

YEAR_SECONDS = 31_536_000


def install(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer, errors included."""

    @app.after_request
    def add(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["X-Frame-Options"] = "DENY"
        # Not "no-referrer": over https Flask-WTF wants to see that a form came from here.
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if https:
            answer.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        if request.endpoint != "static" and "Cache-Control" not in answer.headers:
            answer.headers["Cache-Control"] = "no-store"
        return answer
