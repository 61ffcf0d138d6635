"""How tables become what `adapters.tables` says, step by step; `adapters.migrating` runs the steps."""
