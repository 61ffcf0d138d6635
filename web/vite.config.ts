import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the services: what `conductor serve` prints. */
const services = process.env.CONDUCTOR_URL ?? "http://127.0.0.1:8003";
const proxied = { target: services, changeOrigin: false };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    // Within the package, so that a wheel carries it; the service looks for it there.
    outDir: "../src/conductor/web_app",
    emptyOutDir: true,
    sourcemap: false,
    // In kB before it is packed; a test in a browser measures what a page loads, as it is sent.
    chunkSizeWarningLimit: 750,
    target: "es2022",
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": proxied,
      "/health": proxied,
      "/docs": proxied,
      "/openapi.json": proxied,
      "/socket.io": { ...proxied, ws: true },
    },
  },
  test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node", restoreMocks: true },
});
