"""What is exposed of signing in: everything else that allauth can do has no address here."""

from django.urls import path

from samsyn.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("login/", views.ask_for_code, name="account_login"),
    path("login/", views.ask_for_code, name="account_request_login_code"),
    path("login/code/", views.confirm_code, name="account_confirm_login_code"),
    path("login/password/", views.sign_in_by_password, name="account_login_password"),
    path("logout/", views.sign_out, name="account_logout"),
    path("password/change/", views.change_password, name="account_change_password"),
    path("password/set/", views.set_password, name="account_set_password"),
]
