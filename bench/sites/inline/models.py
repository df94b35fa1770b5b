"""A room and its photos, as a Django tutorial would have them."""

from django.db import models


class Establishment(models.Model):
    name = models.CharField(max_length=200)


class Room(models.Model):
    establishment = models.ForeignKey(Establishment, on_delete=models.CASCADE)
    name = models.CharField(max_length=200)


class RoomImage(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="images")
    image = models.ImageField(upload_to="photos")
    caption = models.CharField(max_length=200, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order"]
