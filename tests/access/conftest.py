from tests.access.objects import things

__all__ = ["things"]
