"""Time zones: the one in which a person reads moments, chosen by them, else the marketplace's."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from xiaobao.people import acts, queries
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# The marketplace's own clocks: days are its days, and exports, dossiers and statements keep it.
MARKET = ZoneInfo("Asia/Shanghai")
COOKIE = "zone"
COOKIE_SECONDS = 365 * 86_400
# Of those that may be chosen, in the words of a page: from west to east.
NAMES = {
    "Pacific/Honolulu": ("檀香山时间", "Honolulu time"),
    "America/Los_Angeles": ("洛杉矶时间", "Los Angeles time"),
    "America/Denver": ("丹佛时间", "Denver time"),
    "America/Chicago": ("芝加哥时间", "Chicago time"),
    "America/Mexico_City": ("墨西哥城时间", "Mexico City time"),
    "America/New_York": ("纽约时间", "New York time"),
    "America/Sao_Paulo": ("圣保罗时间", "São Paulo time"),
    "UTC": ("协调世界时", "UTC"),
    "Europe/London": ("伦敦时间", "London time"),
    "Europe/Paris": ("巴黎时间", "Paris time"),
    "Europe/Berlin": ("柏林时间", "Berlin time"),
    "Africa/Cairo": ("开罗时间", "Cairo time"),
    "Africa/Johannesburg": ("约翰内斯堡时间", "Johannesburg time"),
    "Europe/Istanbul": ("伊斯坦布尔时间", "Istanbul time"),
    "Europe/Moscow": ("莫斯科时间", "Moscow time"),
    "Asia/Dubai": ("迪拜时间", "Dubai time"),
    "Asia/Karachi": ("卡拉奇时间", "Karachi time"),
    "Asia/Kolkata": ("印度时间", "India time"),
    "Asia/Urumqi": ("乌鲁木齐时间", "Ürümqi time"),
    "Asia/Dhaka": ("达卡时间", "Dhaka time"),
    "Asia/Bangkok": ("曼谷时间", "Bangkok time"),
    "Asia/Jakarta": ("雅加达时间", "Jakarta time"),
    "Asia/Shanghai": ("北京时间", "Beijing time"),
    "Asia/Hong_Kong": ("香港时间", "Hong Kong time"),
    "Asia/Singapore": ("新加坡时间", "Singapore time"),
    "Asia/Tokyo": ("东京时间", "Tokyo time"),
    "Asia/Seoul": ("首尔时间", "Seoul time"),
    "Australia/Sydney": ("悉尼时间", "Sydney time"),
    "Pacific/Auckland": ("奥克兰时间", "Auckland time"),
}


def zone_of(request: HttpRequest) -> ZoneInfo:
    """The account's, where one was chosen; else what this browser keeps; else the market's."""
    # Pages that say that the database is away ask it nothing, and nothing of the session.
    name = getattr(request, "zone_name", "") or request.COOKIES.get(COOKIE, "")
    return ZoneInfo(name) if name in NAMES else MARKET


def recall(request: HttpRequest, user_id: int) -> None:
    """Read once for each session of somebody signed in; no page asks for it again."""
    if COOKIE not in request.session:
        request.session[COOKIE] = queries.zone_of(user_id)
    request.zone_name = request.session[COOKIE]  # type: ignore[attr-defined]


def choose(request: HttpRequest, response: HttpResponse, name: str, user_id: int) -> None:
    """Kept by the browser, and with the account of whoever is signed in."""
    if name not in NAMES:
        return
    response.set_cookie(
        COOKIE, name, max_age=COOKIE_SECONDS, samesite="Lax", secure=settings.IS_SECURE,
        httponly=True,
    )  # fmt: skip
    if user_id:
        acts.choose_zone(user_id, name, at=now())
        request.session[COOKIE] = name
