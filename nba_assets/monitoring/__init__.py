"""What an operator asks: where is this drop, what does a date wait for, what failed; monitoring queries."""
