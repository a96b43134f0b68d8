"""Addresses of the order API, below /api/v1/."""

from django.urls import path

from orders.api import views

urlpatterns = [
    path(
        "orders/",
        views.OrderCollection.as_view({"get": "list", "post": "place"})
        if hasattr(views, "OrderCollection")
        else views.OrderViewSet.as_view({"get": "list"}),
        name="api-orders",
    ),
]
