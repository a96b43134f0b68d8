from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "oms.messaging"
    label = "messaging"
