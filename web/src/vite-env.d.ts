interface ImportMetaEnv {
  /** Where the agent's service is, where it is not the page's own origin: `https://agent.example`. */
  readonly VITE_API_URL?: string;
  /** Where the rooms' sockets are, likewise. */
  readonly VITE_LIVE_URL?: string;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}
