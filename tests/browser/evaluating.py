"""The evaluation of the demo's project year, in the joint worker's window."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser.stage import Portal

_NEWEST = "__import__('reports.models', fromlist=['x']).EvaluationReport.objects.filter(kind='FINAL').latest('pk').pk"


def open_evaluation(page: Page, portal: Portal) -> str:
    """The address of the evaluation that is being written: drafted here, when nobody did before."""
    page.goto(portal.url("/school/evaluatie/"))
    begin = page.locator('form[action$="/school/evaluatie/nieuw/"] button[value="FINAL"]').first
    if begin.count():
        begin.click()
        page.wait_for_url(re.compile(r"/school/evaluatie/\d+/"))
    else:
        page.goto(portal.url(f"/school/evaluatie/{portal.ask(_NEWEST)}/"))
    return page.url
