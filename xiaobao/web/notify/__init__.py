"""Where gateways tell by themselves: no page, no session; what is not signed for us is refused."""
