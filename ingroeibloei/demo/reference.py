"""The texts of any installation, for the demo's world."""

from __future__ import annotations

from ingroeibloei.beginning.laying import load_texts
from ingroeibloei.demo.world import World
from messaging.models import NoticeTemplate
from schools.models import Method


def load(world: World) -> None:
    load_texts()
    world.methods = {method.slug: method for method in Method.objects.all()}
    world.templates = {template.slug: template for template in NoticeTemplate.objects.all()}
