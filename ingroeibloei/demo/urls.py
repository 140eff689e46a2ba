from __future__ import annotations

from django.urls import path

from ingroeibloei.demo import views

urlpatterns = [
    path("demo/", views.cast_list, name="demo"),
    path("demo/word/<slug:key>/", views.become, name="demo_become"),
    path("demo/uitgaand/", views.outbox, name="demo_outbox"),
    path("demo/uitgaand/<int:pk>/", views.outbox_detail, name="demo_outbox_detail"),
    path("demo/uitgaand/<int:pk>/html/", views.outbox_html, name="demo_outbox_html"),
]
