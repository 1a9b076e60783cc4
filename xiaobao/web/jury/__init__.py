"""大众评审 · the juror's console: cases one sits on, a vote sealed blind, opened afterwards."""
