// Unit tests under Node: beside the page's code, and what crosses into the wasm module.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["web/**/*.test.ts", "tests/node/**/*.test.ts"], testTimeout: 60_000 },
});
