"""The addresses of the gallery's endpoints, under /rooms/."""

from django.urls import path

from rooms.api import views

app_name = "rooms"

urlpatterns = [
    path("upload-image-temp/", views.upload, name="upload_temporary"),
    path("list-image-temp/", views.list_photos, name="list_temporary"),
    path("readiness-temp/", views.readiness, name="readiness_temporary"),
    path("reorder-images-temp/", views.reorder, name="reorder_temporary"),
    path("update-image-temp/<int:photo_id>/", views.update, name="update_temporary"),
    path("delete-image-temp/<int:photo_id>/", views.delete, name="delete_temporary"),
    path("restore-image-temp/<int:photo_id>/", views.restore, name="restore_temporary"),
    path("replace-image-temp/<int:photo_id>/", views.replace, name="replace_temporary"),
    path("rotate-image-temp/<int:photo_id>/", views.rotate, name="rotate_temporary"),
    path("report-failure/", views.report_failure, name="report_failure"),
    path("<int:room_id>/upload-image/", views.upload, name="upload"),
    path("<int:room_id>/readiness/", views.readiness, name="readiness"),
    path("<int:room_id>/images/", views.list_photos, name="list"),
    path("<int:room_id>/reorder-images/", views.reorder, name="reorder"),
    path("<int:room_id>/move-images/", views.move, name="move"),
    path("<int:room_id>/copy-images/", views.copy, name="copy"),
    path("<int:room_id>/update-image/<int:photo_id>/", views.update, name="update"),
    path("<int:room_id>/delete-image/<int:photo_id>/", views.delete, name="delete"),
    path("<int:room_id>/restore-image/<int:photo_id>/", views.restore, name="restore"),
    path("<int:room_id>/replace-image/<int:photo_id>/", views.replace, name="replace"),
    path("<int:room_id>/rotate-image/<int:photo_id>/", views.rotate, name="rotate"),
]
