"""The forms of the content library."""

from typing import Any

from django import forms

from core.uploads import kinds_in_words
from partners.groups.forms import Line
from partners.models import Group
from programs.enums import ContentKind
from programs.models import ContentItem, ContentVersion
from programs.services.content.keeping import Audience, Said

_LONGEST_BODY = 50_000


class Paragraphs(forms.CharField):
    """Several lines of text without what can't be shown."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        return "".join(one for one in text if one.isprintable() or one == "\n")


class ContentFilter(forms.Form):
    """The library's search; the kind is a tab."""

    q = Line(
        max_length=200,
        required=False,
        label="Search the library",
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        choices=[("", ""), *ContentKind.choices], required=False, widget=forms.HiddenInput
    )


class ContentForm(forms.Form):
    """An item's next version and its audience; which fields there are depends on the kind."""

    title = Line(max_length=150, label="Title", error_messages={"required": "Enter a title."})
    summary = Line(
        max_length=300,
        required=False,
        label="In a sentence (optional)",
        help_text="Shown in the list and in the mail.",
    )
    file = forms.FileField(required=False, label="File")
    body = Paragraphs(
        required=False,
        label="Text",
        max_length=_LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
        help_text="An empty line begins a paragraph, ‘# ’ a heading, ‘- ’ a line of a list. Web addresses become links.",
        error_messages={"max_length": "Use at most 50,000 characters. This has %(show_value)d."},
    )
    due_on = forms.DateField(
        required=False,
        label="To be acknowledged by (optional)",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Readers see the day, and are reminded once, three days before.",
        error_messages={"invalid": "Enter a day such as 2027-03-31."},
    )
    changes = Line(
        max_length=300,
        required=False,
        label="What is new (optional)",
        help_text="For those who know the version before.",
    )
    audience = forms.ChoiceField(
        label="Who reads it",
        choices=[
            ("all", "All partners"),
            ("groups", "The groups chosen below"),
            ("programs", "Only firms in the programs that it is put into"),
        ],
        widget=forms.RadioSelect,
        initial="groups",
        error_messages={"required": "Choose who reads it."},
    )
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(),
        to_field_name="code",
        required=False,
        label="Groups",
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        kind: str,
        known: ContentItem | None = None,
        last: ContentVersion | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = Group.objects.order_by("name")  # type: ignore[attr-defined]
        unused = ["body", "due_on"] if kind == ContentKind.FILE else ["file"]
        if kind == ContentKind.PAGE:
            unused.append("due_on")
        for name in [
            *unused,
            *(() if last is not None and last.number + bool(last.published_at) > 1 else ("changes",)),
        ]:
            del self.fields[name]
        if "file" in self.fields:
            limit = "" if last is None else " Without a new one the file stays as it is."
            self.fields["file"].help_text = f"{kinds_in_words()}.{limit}"
            self.fields["file"].required = last is None
            self.fields["file"].error_messages["required"] = "Choose the file."
        if "body" in self.fields:
            self.fields["body"].required = True
            self.fields["body"].error_messages["required"] = "Write the text."

    def clean(self) -> dict[str, Any]:
        """Groups are chosen where the audience is groups."""
        given = super().clean() or {}
        if given.get("audience") == "groups" and not given.get("groups") and "groups" not in self.errors:
            self.add_error("groups", "Choose at least one group, or let all partners read it.")
        return given

    def said(self) -> Said:
        """What was entered, for the services."""
        given = self.cleaned_data
        return Said(
            title=given["title"],
            summary=given["summary"],
            body=given.get("body", ""),
            changes=given.get("changes", ""),
            due_on=given.get("due_on"),
            upload=given.get("file"),
        )

    def whom(self) -> Audience:
        """The audience that was chosen, for the services."""
        given = self.cleaned_data
        return Audience(
            for_all=given["audience"] == "all",
            groups=list(given["groups"] if given["audience"] == "groups" else ()),
        )


def initial_of(item: ContentItem, last: ContentVersion) -> dict[str, Any]:
    """What the form begins with: the draft, or what is published."""
    is_next = last.published_at is not None
    return {
        "title": last.title,
        "summary": last.summary,
        "body": last.body,
        "changes": "" if is_next else last.changes,
        "due_on": None if is_next else last.due_on,
        "audience": _audience_of(item),
        "groups": [group.code for group in item.groups.all()],
        "version": item.version,
    }


def _audience_of(item: ContentItem) -> str:
    if item.for_all:
        return "all"
    return "groups" if item.groups.all() else "programs"
