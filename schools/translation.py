"""Which columns exist once per language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from schools.models import Method, Term


@register(Term)
class TermTranslation(TranslationOptions):
    fields = ("label",)


@register(Method)
class MethodTranslation(TranslationOptions):
    fields = ("title", "aim", "card")
