"""Addresses of training: what people take, and operations' desk."""

from django.urls import path

from programs.views.training import desk, figures, modules, ours, paths, quiz, quiz_editor, taking

urlpatterns = [
    path("training/", ours.training, name="training"),
    path("training/paths/<str:code>/", ours.path, name="path"),
    path("training/paths/<str:code>/begin/", taking.begin_path, name="begin_path"),
    path("training/modules/<str:code>/", taking.module, name="module"),
    path("training/modules/<str:code>/done/", taking.done, name="module_done"),
    path("training/modules/<str:code>/file/", taking.file, name="module_file"),
    path("training/modules/<str:code>/quiz/", quiz.start, name="start_quiz"),
    path("training/attempts/<str:code>/", quiz.attempt, name="attempt"),
    path("programs/training/", desk.desk, name="training_desk"),
    path("programs/training/modules/new/", modules.new, name="new_module"),
    path("programs/training/modules/<str:code>/", modules.change, name="change_module"),
    path("programs/training/modules/<str:code>/publish/", modules.publish, name="publish_module"),
    path("programs/training/modules/<str:code>/quiz/", quiz_editor.edit, name="edit_quiz"),
    path("programs/training/paths/new/", paths.new, name="new_path"),
    path("programs/training/paths/<str:code>/", paths.change, name="change_path"),
    path("programs/training/paths/<str:code>/publish/", paths.publish, name="publish_path"),
    path("programs/training/paths/<str:code>/people/", figures.people, name="path_people"),
]
