"""The glossary names every entity, so that a reader of the screen finds the code and back."""

from pathlib import Path

import pytest

from db.entities import ENTITIES
from tests.tools import texts

GLOSSARY = (Path(texts.ROOT) / "GLOSSARY.md").read_text(encoding="utf-8").casefold()


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=list(ENTITIES))
def test_every_entity_is_in_the_glossary_in_both_languages(entity):
    dutch = texts.catalogue().get(entity.LABEL).string
    assert f"`{entity.__name__}`".casefold() in GLOSSARY
    assert dutch.casefold() in GLOSSARY
