"""Which columns exist once per language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from schools.models import Method, Term, WelcomePage


@register(Term)
class TermTranslation(TranslationOptions):
    fields = ("label",)


@register(Method)
class MethodTranslation(TranslationOptions):
    fields = ("title", "aim", "card")


@register(WelcomePage)
class WelcomePageTranslation(TranslationOptions):
    fields = ("title", "about", "call")
