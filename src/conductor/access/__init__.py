"""Who is asking and what they may do: tokens, roles, signatures, and the secrets behind them."""
