"""Addresses of the seller's console; `shop` is the shop's outside name."""

from django.urls import path

from xiaobao.web.seller.pages import (
    advice,
    claims,
    file,
    items,
    joining,
    leaving,
    mix,
    money,
    policy,
    shop,
    violations,
)

urlpatterns = [
    path("<name:shop>/", shop.overview, name="seller-home"),
    path("<name:shop>/deposit/", money.deposit, name="seller-deposit"),
    path("<name:shop>/deposit/statement/", money.statement, name="seller-statement"),
    path("<name:shop>/deposit/statement.csv", money.statement_csv, name="seller-statement-csv"),
    path("<name:shop>/deposit/mix/", mix.change, name="seller-mix"),
    path("<name:shop>/deposit/lodge/", money.lodge, name="seller-lodge"),
    path("<name:shop>/joining/", joining.joining, name="seller-joining"),
    path("<name:shop>/joining/change/", joining.change, name="seller-joining-change"),
    path("<name:shop>/items/", items.items, name="seller-items"),
    path("<name:shop>/items/change/", items.change, name="seller-items-change"),
    path("<name:shop>/items/undo/", items.undo, name="seller-items-undo"),
    path("<name:shop>/claims/", claims.listed, name="seller-claims"),
    path("<name:shop>/claims/<name:claim>/", claims.one, name="seller-claim"),
    path("<name:shop>/claims/<name:claim>/answer/", claims.answer, name="seller-answer"),
    path("<name:shop>/claims/<name:claim>/<int:seq>/", claims.piece, name="seller-piece"),
    path("<name:shop>/violations/", violations.listed, name="seller-violations"),
    path("<name:shop>/violations/<name:violation>/", violations.one, name="seller-violation"),
    path(
        "<name:shop>/violations/<name:violation>/appeal/",
        violations.appeal,
        name="seller-violation-appeal",
    ),
    path("<name:shop>/file/", file.file, name="seller-file"),
    path("<name:shop>/file/<int:seq>/", file.piece, name="seller-file-piece"),
    path("<name:shop>/advice/", advice.advice, name="seller-advice"),
    path("<name:shop>/advice/ask/", advice.ask, name="seller-ask"),
    path("<name:shop>/advice/<int:number>/", advice.say, name="seller-say"),
    path("<name:shop>/policy/", policy.policy, name="seller-policy"),
    path("<name:shop>/policy/answer/", policy.answer, name="seller-policy-answer"),
    path("<name:shop>/leaving/", leaving.leaving, name="seller-leaving"),
    path("<name:shop>/leaving/apply/", leaving.apply, name="seller-apply"),
    path("<name:shop>/leaving/submit/", leaving.submit, name="seller-submit"),
    path("<name:shop>/leaving/relief/", leaving.relief, name="seller-relief"),
    path("<name:shop>/leaving/cancel/", leaving.cancel, name="seller-cancel"),
]
