"""Addresses of an organisation's own first pages."""

from django.urls import path

from samsyn.home.views import mine, programme, promise, receipts, search, thread, today

app_name = "home"
urlpatterns = [
    path("", today.today, name="today"),
    path("p/<rid:programme>/", programme.programme, name="programme"),
    path("p/<rid:programme>/news/", programme.add_news, name="add_news"),
    path("p/<rid:programme>/said/", programme.said_and_done, name="said"),
    path("i/<rid:item>/", thread.item, name="item"),
    path("i/<rid:item>/hand-over/", thread.hand_over, name="hand_over"),
    path("i/<rid:item>/promise/", promise.settle, name="settle"),
    path("search/", search.search, name="search"),
    path("me/", mine.mine, name="mine"),
    path("me/reply/", mine.reply, name="mine_reply"),
    path("receipts/", receipts.receipts, name="receipts"),
    path("receipts/reply/", receipts.reply, name="receipt_reply"),
]
