from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThreadConfig(AppConfig):
    name = "samsyn.thread"
    verbose_name = _("thread")

    def ready(self) -> None:
        from samsyn.core import search
        from samsyn.thread import tellers
        from samsyn.thread.registry import register_teller, texts_of

        register_teller("promise", tellers.tell_promises)
        register_teller("reply", tellers.tell_replies)
        search.register("item", texts_of)
