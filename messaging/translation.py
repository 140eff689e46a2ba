"""Which columns exist once per language (django-modeltranslation)."""

from modeltranslation.translator import TranslationOptions, register

from messaging.models import NoticeTemplate, TemplateAnswer


@register(NoticeTemplate)
class NoticeTemplateTranslation(TranslationOptions):
    fields = ("title", "subject", "body", "sms", "what", "when", "where", "bring", "answer")


@register(TemplateAnswer)
class TemplateAnswerTranslation(TranslationOptions):
    fields = ("label",)
