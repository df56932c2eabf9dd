"""Which editor belongs to which kind of field: one dictionary, so that a new field needs no code."""

from collections.abc import Callable

from db.fields import FieldSpec, Kind
from desktop_app.widgets.choice_editors import ComboEditor, TagsEditor, YesNoEditor, code_choices
from desktop_app.widgets.editor import Editor, Sources
from desktop_app.widgets.geometry_editor import GeometryEditor
from desktop_app.widgets.link_editors import LinksEditor, TextsEditor
from desktop_app.widgets.reference_editors import ReferenceEditor, ReferencesEditor
from desktop_app.widgets.typed_editors import DateEditor, LineEditor, LongTextEditor

SHORT_LISTS = frozenset({"kern", "staff", "team", "business_park"})
"""Entities of which there are so few that all stand in a list to choose from."""

Maker = Callable[[FieldSpec, Sources], Editor]


def _text(spec: FieldSpec, _sources: Sources) -> Editor:
    return LongTextEditor(spec) if spec.meta.multiline else LineEditor(spec)


def _reference(spec: FieldSpec, sources: Sources) -> Editor:
    if spec.meta.refers_to in SHORT_LISTS:
        return ComboEditor(spec, sources.choices(spec.meta.refers_to))
    return ReferenceEditor(spec, sources)


def _references(spec: FieldSpec, sources: Sources) -> Editor:
    if spec.meta.refers_to in SHORT_LISTS:
        return TagsEditor(spec, sources.choices(spec.meta.refers_to))
    return ReferencesEditor(spec, sources)


def _geometry(spec: FieldSpec, sources: Sources) -> Editor:
    if spec.meta.required or spec.name == "area":
        return GeometryEditor(spec, sources, ("polygon",))
    return GeometryEditor(spec, sources)


EDITORS: dict[Kind, Maker] = {
    Kind.TEXT: _text,
    Kind.INTEGER: lambda spec, _: LineEditor(spec),
    Kind.DECIMAL: lambda spec, _: LineEditor(spec),
    Kind.BOOLEAN: lambda spec, _: YesNoEditor(spec),
    Kind.DATE: lambda spec, _: DateEditor(spec),
    Kind.MOMENT: lambda spec, _: DateEditor(spec),
    Kind.CODE: lambda spec, _: ComboEditor(spec, code_choices(spec)),
    Kind.REFERENCE: _reference,
    Kind.GEOMETRY: _geometry,
    Kind.CODES: lambda spec, _: TagsEditor(spec, code_choices(spec)),
    Kind.REFERENCES: _references,
    Kind.TEXTS: lambda spec, _: TextsEditor(spec),
    Kind.LINKS: LinksEditor,
}


def make_editor(spec: FieldSpec, sources: Sources) -> Editor:
    """Return an editor for a field."""
    return EDITORS[spec.kind](spec, sources)
