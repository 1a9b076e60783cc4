"""Where a form was refused its page answers, 422, as it was filled in: nothing is typed twice."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from xiaobao.web.forms.faults import Fault, faults_of
from xiaobao.web.forms.showing import shown_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    Page = Callable[[HttpRequest], HttpResponse]

UNPROCESSABLE = 422


class RefusedMiddleware:
    def __init__(self, answer: Page) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if request.method != "POST":
            return response
        faults = [*faults_of(request), *_of_library(response)]
        if not faults:
            return response
        page, here = self._again(request, response)
        if page is not None:
            body = shown_again(page.content.decode(), request, faults, request.POST, here=here)
            if body is not None:
                page.content = body.encode()
                page.status_code = UNPROCESSABLE
                return page
        # The form is no longer on its page: what was wrong is told wherever they are led.
        for one in faults:
            messages.error(request, one.words)
        return response

    @staticmethod
    def _again(request: HttpRequest, response: HttpResponse) -> tuple[HttpResponse | None, str]:
        """The page that the form is on, and its address: the answer itself, or where it leads."""
        if response.headers.get("Content-Type", "").startswith("text/html") and not (
            response.headers.get("Location")
        ):
            return response, request.get_full_path()
        back = urlsplit(response.headers.get("Location", ""))
        if not back.path or back.netloc:
            return None, ""
        path = unquote(back.path)
        try:
            match = resolve(path)
        except Resolver404:
            return None, ""
        page: HttpResponse = match.func(
            _asking(request, path, back.query, match), *match.args, **match.kwargs
        )
        here = f"{back.path}?{back.query}" if back.query else back.path
        return page.render() if isinstance(page, SimpleTemplateResponse) else page, here


def _asking(request: HttpRequest, path: str, query: str, match: Any) -> HttpRequest:
    """The same person, who now only reads."""
    again = copy(request)
    again.method, again.path, again.path_info = "GET", path, path
    again.META = request.META | {"REQUEST_METHOD": "GET", "QUERY_STRING": query}
    again.GET = QueryDict(query)
    again.POST = QueryDict()
    again._files = MultiValueDict()  # type: ignore[attr-defined]  # noqa: SLF001
    again.resolver_match = match
    return again


def _of_library(response: HttpResponse) -> list[Fault]:
    """What a form of the library found wrong."""
    context = response.context_data if isinstance(response, SimpleTemplateResponse) else None
    # By itself, as the library has one form under several names.
    forms = {id(one): one for one in (context or {}).values() if isinstance(one, BaseForm)}
    return [
        Fault(str(words), "" if name == "__all__" else name)
        for form in forms.values() if form.is_bound
        for name, found in form.errors.items()
        for words in found
    ]  # fmt: skip
