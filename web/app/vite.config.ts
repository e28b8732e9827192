import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    outDir: '../../artifacts/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
  // `npx vite web/app` beside a running server: the page reloads as it is edited.
  server: { proxy: { '/socket.io': { target: 'http://localhost:8080', ws: true } } },
});
