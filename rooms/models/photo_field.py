"""The field of a photo's file. It normalises whatever is assigned to it before it is stored.

The shell and forms use it. Uploads of the gallery come through `services.uploads`, which uses the same gate
and assigns the name of a stored file.
"""

from collections.abc import Sequence
from typing import Any

from django.core.files.base import File
from django.db import models
from django.db.models.fields.files import ImageFieldFile

from rooms import images, storage
from rooms.models import photo_files


class PhotoFieldFile(ImageFieldFile):
    instance: Any

    def save(self, name: str, content: "File[bytes]", save: bool = True) -> None:
        """Normalises `content` and stores it with its smaller versions under a new name; `name` is ignored.

        Raises a `PhotoError` and stores nothing where the file does not pass.
        """
        processed = images.process(content)
        with photo_files.new_file(self.storage) as file:
            file.reserve()
            file.write(processed)
        self.name = file.name
        self._set_instance_attribute(self.name, content)  # type: ignore[attr-defined]
        self._committed = True
        photo_files.fill(self.instance, processed)
        if save:
            self.instance.save()

    def delete(self, save: bool = True) -> None:
        """Removes the file with its smaller versions; a file of an older system that two rows share stays."""
        name = self.name or ""
        if storage.is_ours(name) or (name and not self._is_shared()):
            for version in storage.names_of(name)[:-1]:
                self.storage.delete(version)
            super().delete(save)

    def _is_shared(self) -> bool:
        return self.field.model._base_manager.filter(**{self.field.name: self.name}).exists()


class PhotoField(models.ImageField):
    attr_class = PhotoFieldFile

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        # Migrations see a plain ImageField: how a file is stored is not the schema's business.
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs
