"""Addresses of the adjudicator's desk."""

from django.urls import path

from xiaobao.web.desk import consults, exits, pages, reports, stops, violations

urlpatterns = [
    path("", pages.queue, name="desk"),
    path("claims/<name:shop>/<name:claim>/", pages.case, name="desk-case"),
    path("claims/<name:shop>/<name:claim>/<int:seq>/", pages.piece, name="desk-piece"),
    path("claims/<name:shop>/<name:claim>/rule/", pages.rule, name="desk-rule"),
    path("claims/<name:shop>/<name:claim>/jury/", pages.call_jury, name="desk-jury"),
    path("claims/<name:shop>/<name:claim>/suspend/", stops.suspend, name="desk-suspend"),
    path("claims/<name:shop>/<name:claim>/resume/", stops.resume, name="desk-resume"),
    path("violations/", violations.listed, name="desk-violations"),
    path("violations/record/", violations.record, name="desk-violation-record"),
    path("violations/<name:shop>/<name:violation>/", violations.shown, name="desk-violation"),
    path(
        "violations/<name:shop>/<name:violation>/decide/",
        violations.decide,
        name="desk-violation-decide",
    ),
    path("exits/", exits.exits, name="desk-exits"),
    path("exits/<name:shop>/decide/", exits.decide, name="desk-decide"),
    path("reports/", reports.reports, name="desk-reports"),
    path("reports/<name:shop>/<name:order>/review/", reports.review, name="desk-report"),
    path("consults/", consults.waiting, name="desk-consults"),
    path("consults/<name:shop>/<int:number>/", consults.thread, name="desk-consult"),
    path("consults/<name:shop>/<int:number>/answer/", consults.answer, name="desk-consult-answer"),
]
