"""Addresses of the seller's console; `shop` is the shop's outside name."""

from django.urls import path

from xiaobao.web.seller import pages

urlpatterns = [
    path("<str:shop>/", pages.overview, name="seller-home"),
    path("<str:shop>/deposit/", pages.deposit, name="seller-deposit"),
    path("<str:shop>/deposit/statement/", pages.statement, name="seller-statement"),
    path("<str:shop>/deposit/lodge/", pages.lodge, name="seller-lodge"),
    path("<str:shop>/items/", pages.items, name="seller-items"),
    path("<str:shop>/claims/", pages.claims, name="seller-claims"),
    path("<str:shop>/claims/<str:claim>/", pages.claim, name="seller-claim"),
]
