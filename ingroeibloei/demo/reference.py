"""What any installation loads first: words, method cards, templates of notices."""

from __future__ import annotations

from ingroeibloei.demo.world import World
from messaging.content import load_templates
from messaging.models import NoticeTemplate
from reports.cardversions import keep_versions
from reports.planner.loading import load_planner
from schools.models import Method
from schools.reference import load_methods, load_vocabulary


def load(world: World) -> None:
    load_vocabulary()
    load_methods()
    load_templates()
    load_planner()
    keep_versions()
    world.methods = {method.slug: method for method in Method.objects.all()}
    world.templates = {template.slug: template for template in NoticeTemplate.objects.all()}
