"""Addresses of the seller's console; `shop` is the shop's outside name."""

from django.urls import path

from xiaobao.web.seller.pages import claims, items, leaving, money, policy, shop

urlpatterns = [
    path("<name:shop>/", shop.overview, name="seller-home"),
    path("<name:shop>/deposit/", money.deposit, name="seller-deposit"),
    path("<name:shop>/deposit/statement/", money.statement, name="seller-statement"),
    path("<name:shop>/deposit/lodge/", money.lodge, name="seller-lodge"),
    path("<name:shop>/items/", items.items, name="seller-items"),
    path("<name:shop>/claims/", claims.listed, name="seller-claims"),
    path("<name:shop>/claims/<name:claim>/", claims.one, name="seller-claim"),
    path("<name:shop>/claims/<name:claim>/answer/", claims.answer, name="seller-answer"),
    path("<name:shop>/policy/", policy.policy, name="seller-policy"),
    path("<name:shop>/policy/answer/", policy.answer, name="seller-policy-answer"),
    path("<name:shop>/leaving/", leaving.leaving, name="seller-leaving"),
    path("<name:shop>/leaving/apply/", leaving.apply, name="seller-apply"),
    path("<name:shop>/leaving/cancel/", leaving.cancel, name="seller-cancel"),
]
