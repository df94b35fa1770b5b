"""The addresses of the gallery's endpoints, under /rooms/."""

from django.urls import path

from rooms import views

app_name = "rooms"

urlpatterns = [
    path("upload-image-temp/", views.upload_temporary, name="upload_temporary"),
    path("list-image-temp/", views.list_temporary, name="list_temporary"),
    path("reorder-images-temp/", views.reorder_temporary, name="reorder_temporary"),
    path("caption-image-temp/<int:photo_id>/", views.caption_temporary, name="caption_temporary"),
    path("describe-image-temp/<int:photo_id>/", views.describe_temporary, name="describe_temporary"),
    path("delete-image-temp/<int:photo_id>/", views.delete_temporary, name="delete_temporary"),
    path("restore-image-temp/<int:photo_id>/", views.restore_temporary, name="restore_temporary"),
    path("replace-image-temp/<int:photo_id>/", views.replace_temporary, name="replace_temporary"),
    path("rotate-image-temp/<int:photo_id>/", views.rotate_temporary, name="rotate_temporary"),
    path("keep-image-temp/<int:photo_id>/", views.keep_temporary, name="keep_temporary"),
    path("<int:room_id>/upload-image/", views.upload, name="upload"),
    path("<int:room_id>/images/", views.list_photos, name="list"),
    path("<int:room_id>/reorder-images/", views.reorder, name="reorder"),
    path("<int:room_id>/caption-image/<int:photo_id>/", views.caption, name="caption"),
    path("<int:room_id>/describe-image/<int:photo_id>/", views.describe, name="describe"),
    path("<int:room_id>/delete-image/<int:photo_id>/", views.delete, name="delete"),
    path("<int:room_id>/restore-image/<int:photo_id>/", views.restore, name="restore"),
    path("<int:room_id>/replace-image/<int:photo_id>/", views.replace, name="replace"),
    path("<int:room_id>/rotate-image/<int:photo_id>/", views.rotate, name="rotate"),
    path("<int:room_id>/keep-image/<int:photo_id>/", views.keep, name="keep"),
]
