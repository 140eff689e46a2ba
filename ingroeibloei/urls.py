from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from ingroeibloei import views
from ingroeibloei.beginning import views as beginning
from ingroeibloei.help import views as help_pages

handler400 = "ingroeibloei.views.bad_request"
handler403 = "ingroeibloei.views.forbidden"
handler404 = "ingroeibloei.views.not_found"
handler429 = "ingroeibloei.views.too_many_requests"
handler500 = "ingroeibloei.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("gezondheid/leeft/", views.live, name="live"),
    path("gezondheid/klaar/", views.ready, name="ready"),
    path("gezondheid/cijfers/", views.figures, name="metrics"),
    path("school/portaal/", views.operations, name="operations"),
    path("beginnen/", beginning.begin, name="begin"),
    path("school/beginnen/", beginning.first_steps, name="first_steps"),
    path("school/beginnen/<slug:slug>/", beginning.first_step, name="first_step"),
    path("school/hulp/", help_pages.help_index, name="help_index"),
    path("school/hulp/<slug:slug>/", help_pages.help_topic, name="help_topic"),
    path("accounts/", include("schools.account_urls")),
    path("", include("schools.urls")),
    path("", include("parents.urls")),
    path("", include("messaging.urls")),
    path("", include("reports.urls")),
]

if settings.DEMO or settings.TESTING:
    urlpatterns.append(path("", include("ingroeibloei.demo.urls")))
if settings.DEMO or settings.DEBUG or settings.TESTING:
    from ingroeibloei.gallery import gallery

    urlpatterns.append(path("galerij/", gallery, name="gallery"))
