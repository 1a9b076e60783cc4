"""What was shown, by whom, when; kept so that nobody can change it unseen."""
