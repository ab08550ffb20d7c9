from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "samsyn.live"

    def ready(self) -> None:
        from samsyn.core import events
        from samsyn.live import bus

        events.listen(bus.tell)
