"""The portal's addresses as they are with MAIL_DRIVER=anymail and ANYMAIL_BACKEND=postmark."""

from django.urls import include, path

from ingroeibloei import urls
from messaging.mailhooks import provider_hooks

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
urlpatterns = [*urls.urlpatterns, path("haken/mail/", include(provider_hooks("postmark")))]
