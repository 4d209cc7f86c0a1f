"""What the wordings of mails need beyond Django's own filters."""

from django import template

register = template.Library()


@register.filter
def lower_first(text: str) -> str:
    """`text` as the rest of a sentence: 'Outside your territory' becomes 'outside your territory'; acronyms stay."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
