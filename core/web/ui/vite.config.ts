import { defineConfig } from "vite";

// BROBYGGER_WEB: where a running web door is, for `npx vite` while working on the page.
const door = process.env.BROBYGGER_WEB ?? "http://127.0.0.1:8480";

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  // What newer versions of Sass say of DKFDS is nothing that can be mended here.
  css: { preprocessorOptions: { scss: { silenceDeprecations: ["mixed-decls"] } } },
  build: {
    target: "es2022",
    // Names with a digest of what is in them: they may be kept for ever.
    assetsDir: "assets",
    // Nothing as data: URLs, which the page's Content-Security-Policy does not allow.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      output: {
        // What every screen stands on is one file: it is needed anyway, over HTTP/1.1 each file is a
        // round trip, and small files compress badly.
        manualChunks: (id) => (/node_modules\/preact\/|\/src\/(api|parts|state)\//.test(id) ? "base" : undefined),
      },
    },
  },
  server: { proxy: { "/api": door, "/session": door } },
});
