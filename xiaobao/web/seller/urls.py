"""Addresses of the seller's console; `shop` is the shop's outside name."""

from django.urls import path

from xiaobao.web.seller.pages import claims, items, leaving, money, policy, shop

urlpatterns = [
    path("<str:shop>/", shop.overview, name="seller-home"),
    path("<str:shop>/deposit/", money.deposit, name="seller-deposit"),
    path("<str:shop>/deposit/statement/", money.statement, name="seller-statement"),
    path("<str:shop>/deposit/lodge/", money.lodge, name="seller-lodge"),
    path("<str:shop>/items/", items.items, name="seller-items"),
    path("<str:shop>/claims/", claims.listed, name="seller-claims"),
    path("<str:shop>/claims/<str:claim>/", claims.one, name="seller-claim"),
    path("<str:shop>/claims/<str:claim>/answer/", claims.answer, name="seller-answer"),
    path("<str:shop>/policy/", policy.policy, name="seller-policy"),
    path("<str:shop>/policy/answer/", policy.answer, name="seller-policy-answer"),
    path("<str:shop>/leaving/", leaving.leaving, name="seller-leaving"),
    path("<str:shop>/leaving/apply/", leaving.apply, name="seller-apply"),
    path("<str:shop>/leaving/cancel/", leaving.cancel, name="seller-cancel"),
]
