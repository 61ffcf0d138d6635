"""The agent over HTTP: REST under `/api/v1`, health and sign-in."""
