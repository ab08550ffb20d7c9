"""Opening, adding and removing files. Who may is asked at each request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from samsyn.core.access import Access, declare
from samsyn.core.errors import RefusedError
from samsyn.files import access, actions
from samsyn.files.contents import KINDS
from samsyn.files.forms import AttachmentForm
from samsyn.files.models import Attachment
from samsyn.ui.typed import sign_in_first

_PIECE = 64 * 1024
# A document shown in its own window: no scripts, no forms, nothing fetched, no access to our pages.
_ALONE = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_GET
def _file(request: HttpRequest, attachment: int) -> HttpResponseBase:
    """The file itself, to save; pictures and PDF documents can also be looked at (?show)."""
    found = get_object_or_404(Attachment.objects, pk=attachment)
    if not access.may_see(request, found.owner_kind, found.owner_id):
        return _stranger(request)
    if not found.path.is_file():
        raise Http404
    kind = KINDS[found.kind]
    shown = kind.shown and "show" in request.GET
    asynchronous = isinstance(request, ASGIRequest)
    response = StreamingHttpResponse(_pieces_async(found.path) if asynchronous else _pieces(found.path), kind.mime)
    response["Content-Length"] = found.size
    response["Content-Disposition"] = content_disposition_header(not shown, found.name) or "attachment"
    response["Content-Security-Policy"] = _ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "POST"])
def _add(request: HttpRequest, owner_kind: str, owner: int) -> HttpResponseBase:
    """Add a file to something."""
    by = access.changer(request, owner_kind, owner)
    if by is None:
        return _may_not(request, owner_kind, owner)
    back = access.page_of(owner_kind, owner)
    if request.method == "POST":
        files, too_large = request.FILES, getattr(request, "upload_too_large", False)
        form = AttachmentForm(request.POST, files, too_large=too_large)
        if form.is_valid():
            try:
                actions.attach(owner_kind, owner, form.cleaned_data["file"], alt=form.cleaned_data["alt"], by=by)
            except RefusedError as refusal:
                form.add_error(refusal.field, str(refusal.message))
            else:
                messages.success(request, _("The file is here."))
                return redirect(back)
    else:
        form = AttachmentForm()
    status = 422 if form.errors else 200
    return render(request, "files/add.html", {"form": form, "back": back}, status=status)


@require_http_methods(["GET", "POST"])
def _remove(request: HttpRequest, attachment: int) -> HttpResponseBase:
    """Ask once, then delete the file."""
    found = get_object_or_404(Attachment.objects, pk=attachment)
    by = access.changer(request, found.owner_kind, found.owner_id)
    if by is None:
        return _may_not(request, found.owner_kind, found.owner_id)
    back = access.page_of(found.owner_kind, found.owner_id)
    if request.method == "POST":
        actions.remove(found, by=by)
        messages.success(request, _("The file is gone."))
        return redirect(back)
    return render(request, "files/remove.html", {"attachment": found, "back": back})


def _stranger(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return sign_in_first(request)
    raise Http404


def _may_not(request: HttpRequest, owner_kind: str, owner_id: int) -> HttpResponse:
    if access.may_see(request, owner_kind, owner_id) and request.user.is_authenticated:
        raise PermissionDenied
    return _stranger(request)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


async def _pieces_async(path: Path) -> AsyncIterator[bytes]:
    read = sync_to_async(lambda file: file.read(_PIECE), thread_sensitive=False)
    file = await sync_to_async(lambda: path.open("rb"), thread_sensitive=False)()
    try:
        while piece := await read(file):
            yield piece
    finally:
        file.close()


file = declare(_file, Access("item"))
add = declare(_add, Access("item", frozenset({"changer"})))
remove = declare(_remove, Access("item", frozenset({"changer"})))
