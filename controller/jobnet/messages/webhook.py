"""Posts one letter as JSON to a web address; any 2xx answer means that it was taken.

Web addresses often carry a token in their path, so no text made here holds more of them than
scheme and host.
"""

import json
from urllib.parse import urlsplit

import httpx

from jobnet.errors.play import MessageNotSent
from jobnet.messages.wording import body_text, subject_line
from jobnet.ports.messages import Letter


def send_webhook(letter: Letter, *, timeout_seconds: float) -> None:
    """Post the letter, or raise ``MessageNotSent``; redirections are not followed."""
    target = shown_address(letter.to.target)
    try:
        with httpx.Client(timeout=timeout_seconds, follow_redirects=False) as client:
            content = _body(letter)
            headers = {"Content-Type": "application/json"}
            request = client.build_request(
                "POST", letter.to.target, content=content, headers=headers
            )
            response = client.send(request, stream=True)
            response.close()
    except httpx.TimeoutException as error:
        problem = f"no answer within {timeout_seconds:g} seconds."
        raise MessageNotSent(target, problem=problem) from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        problem = f"{type(error).__name__}; is the address right, and does it listen?"
        raise MessageNotSent(target, problem=problem) from error
    if not response.is_success:
        problem = f"it answered {response.status_code} {response.reason_phrase}."
        raise MessageNotSent(target, problem=problem)


def shown_address(url: str) -> str:
    """Return the address without what may be secret: user, path and query.

    >>> shown_address("https://hooks.example.com/services/T0/s3cret?x=1")
    'https://hooks.example.com'
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "a web address"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _body(letter: Letter) -> bytes:
    """Return network, run, part and operating day (the details), subject and message as JSON."""
    body = {
        **letter.details,
        "subject": subject_line(letter.subject),
        "message": body_text(letter.text),
        "attachments": [attachment.name for attachment in letter.attachments],
    }
    return json.dumps(body, default=str).encode()
