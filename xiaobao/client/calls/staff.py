"""Calls about supervision, webhooks: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.client.shapes.staff import (
        AttemptsTold,
        ClocksTold,
        CountTold,
        DeliveryTold,
        GaugeTold,
        InspectionTold,
        PairsTold,
        RankTold,
        SecretTold,
        SubscriptionsTold,
        SubscriptionTold,
    )


class Staff(Calling):
    """About supervision, webhooks."""

    def ranked_shops(
        self, market: str, *,
        watched: Literal["any", "shipping", "tracking", "refund", "claims"] | None = None,
        limit: int | None = None,
    ) -> Iterator[RankTold]:
        """Shops whose rate of breaches is surely highest first.

        :raises ApiProblem: market_unknown, cursor_wrong, or one of any call
        """
        path = "/supervision/shops"
        return self.pages(path, "shops", market=market, watched=watched, limit=limit)

    def signals(self, market: str, *, limit: int | None = None) -> Iterator[RankTold]:
        """What left its limits by the last week counted.

        :raises ApiProblem: market_unknown, cursor_wrong, or one of any call
        """
        path = "/supervision/signals"
        return self.pages(path, "shops", market=market, limit=limit)

    def pairs(self, market: str) -> PairsTold:
        """Buyers and shops that look like one.

        :raises ApiProblem: market_unknown, or one of any call
        """
        path = "/supervision/pairs"
        return cast("PairsTold", self.get(path, market=market).json())

    def inspections(self, *, limit: int | None = None) -> Iterator[InspectionTold]:
        """Inspections, those opened last first.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/supervision/inspections"
        return self.pages(path, "inspections", limit=limit)

    def cheating(
        self, market: str, *, days: int | None = None, seller: str | None = None,
    ) -> GaugeTold:
        """Does cheating pay: gain against the sanction to expect.

        :raises ApiProblem: market_unknown, seller_not_found, or one of any call
        """
        path = "/supervision/cheating"
        return cast("GaugeTold", self.get(path, market=market, days=days, seller=seller).json())

    def platform_clocks(self, market: str, *, days: int | None = None) -> ClocksTold:
        """The platform's own clocks by kind and month.

        :raises ApiProblem: market_unknown, or one of any call
        """
        path = "/supervision/clocks"
        return cast("ClocksTold", self.get(path, market=market, days=days).json())

    def webhooks(self) -> SubscriptionsTold:
        """Subscriptions; a shop's own alone."""
        path = "/webhooks"
        return cast("SubscriptionsTold", self.get(path).json())

    def subscribe(
        self, url: str, *, kinds: Sequence[str] | None = None, name: str | None = None,
        seller: str | None = None, key: str = "",
    ) -> SubscriptionTold:
        """Subscribe an address to events; its secret is read apart.

        :raises ApiProblem: not_found, event_kind_unknown, subscriptions_too_many,
        webhook_address_not_allowed, or one of any call
        """
        path = "/webhooks"
        body = given({"url": url, "kinds": kinds, "name": name, "seller": seller})
        return cast("SubscriptionTold", self.post(path, body, key=key).json())

    def webhook_secret(self, number: int) -> SecretTold:
        """The secret that signs now.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/webhooks/{number}/secret"
        return cast("SecretTold", self.get(path).json())

    def rotate_secret(
        self, number: int, *, keep_hours: int | None = None, key: str = "",
    ) -> SubscriptionTold:
        """A new secret; the old one signs as well for a while.

        :raises ApiProblem: not_found, subscription_unknown, or one of any call
        """
        path = f"/webhooks/{number}/rotate"
        body = given({"keep_hours": keep_hours})
        return cast("SubscriptionTold", self.post(path, body, key=key).json())

    def end_webhook(self, number: int, *, key: str = "") -> CountTold:
        """End a subscription; what waits is not sent.

        :raises ApiProblem: not_found, subscription_unknown, or one of any call
        """
        path = f"/webhooks/{number}/end"
        return cast("CountTold", self.post(path, key=key).json())

    def replay_webhook(
        self, number: int, *, event: str | None = None, since: str | None = None, key: str = "",
    ) -> CountTold:
        """Send again.

        :raises ApiProblem: not_found, subscription_unknown, or one of any call
        """
        path = f"/webhooks/{number}/replay"
        body = given({"event": event, "since": since})
        return cast("CountTold", self.post(path, body, key=key).json())

    def deliveries(
        self, number: int, *,
        state: Literal["waiting", "delivered", "dead", "dropped"] | None = None,
        limit: int | None = None,
    ) -> Iterator[DeliveryTold]:
        """Messages to a subscriber, the newest first.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/webhooks/{number}/deliveries"
        return self.pages(path, "deliveries", state=state, limit=limit)

    def attempts(self, number: int, event: str) -> AttemptsTold:
        """Every attempt to deliver one event.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/webhooks/{number}/deliveries/{part(event)}"
        return cast("AttemptsTold", self.get(path).json())
