"""The API as a whole: its resources, and how what goes wrong in them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from xiaobao.api.describing import Api
from xiaobao.api.problems import BodyUnreadable, RequestInvalid, answer_to
from xiaobao.api.resources import RESOURCES
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Renderer(BaseRenderer):
    """JSON with moments to the microsecond: a quote is named by its own."""

    media_type = "application/json"

    def render(self, _request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        return to_json(data)


api = Api(
    title="消保 Xiaobao",
    version="1",
    description=(
        "The guarantee beside a marketplace: facts of orders in, decisions and payouts out. "
        "Money is `{amount, currency}` in minor units, times are RFC 3339, ids and names are "
        "strings, problems are RFC 9457 with stable codes. Every POST carries an "
        "`Idempotency-Key`. Words are those of docs/words.md."
    ),
    # Swagger's page would fetch its scripts from somewhere else.
    docs_url=None,
    urls_namespace="api-v1",
    renderer=Renderer(),
)
for router in RESOURCES:
    api.add_router("", router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answer_to(request, problem)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    return answer_to(request, RequestInvalid(trouble.errors))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, _trouble: HttpError) -> HttpResponse:
    """The library raises it for a body it cannot read, and for nothing else that is used here."""
    return answer_to(request, BodyUnreadable())


@api.exception_handler(Exception)
def _bug(_request: HttpRequest, trouble: Any) -> HttpResponse:
    """For the frame, which writes it down and says so."""
    raise trouble
