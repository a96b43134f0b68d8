"""Pure decisions about prices, services, tracking and polling."""
