"""The addresses of the site: the admin, the gallery's endpoints, the photos."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from backoffice import passwords
from rooms import media, monitoring
from rooms.admin import help, system

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/help/", admin.site.admin_view(help.show), name="help"),
    path("admin/rooms/system/", admin.site.admin_view(system.show), name="system"),
    path("admin/password_reset/", passwords.Forgotten.as_view(), name="admin_password_reset"),
    path("admin/password_reset/done/", passwords.Sent.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", passwords.Choose.as_view(), name="password_reset_confirm"),
    path("reset/done/", passwords.Chosen.as_view(), name="password_reset_complete"),
    path("invitation/<str:token>/", passwords.Accept.as_view(), name="manager_invitation"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("rooms/", include("rooms.api.views")),
    path("metrics/", monitoring.show, name="metrics"),
    path("media/<path:name>", media.serve, name="media"),
]

handler400 = "backoffice.errors.bad_request"
handler403 = "backoffice.errors.permission_denied"
handler404 = "backoffice.errors.page_not_found"
handler500 = "backoffice.errors.server_error"
