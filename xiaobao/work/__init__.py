"""A door: the jobs that run without anybody asking; due clocks are fired and payouts are sent."""
