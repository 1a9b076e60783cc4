"""A form that is refused comes back as it was sent, each fault beside the field it is about."""
