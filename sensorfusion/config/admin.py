"""Django's admin with the site of ours."""

from django.contrib.admin import apps


class AdminConfig(apps.AdminConfig):
    default = False
    default_site = "sensorfusion.accounts.admin_site.AdminSite"
