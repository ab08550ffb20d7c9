from django.apps import AppConfig


class CaseStudyConfig(AppConfig):
    name = "samsyn.casestudy"
