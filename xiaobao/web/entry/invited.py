"""Who was invited sets their password, once; signing in then asks for what it always asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xiaobao.people import acts, queries
from xiaobao.people.acts import InvitationSpent, PasswordWeak
from xiaobao.web.telling import tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, link: str) -> HttpResponse:
    person = queries.invited(link, at=now())
    if person is None:
        raise Http404
    if request.method == "POST":
        password = request.POST.get("password", "")
        if password != request.POST.get("again", ""):
            tell_wrong(request, zh="两次输入不一致", en="the two are not the same", about="again")
        else:
            try:
                acts.enter(link, password, at=now())
            except PasswordWeak as problem:
                tell_problem(request, problem)
            except InvitationSpent as problem:
                raise Http404 from problem
            else:
                tell(request, zh="密码已设定，请登录", en="your password is set; sign in")
                return HttpResponseRedirect(reverse("account_login"))
    return render(request, "web/invited.html", {"person": person})
