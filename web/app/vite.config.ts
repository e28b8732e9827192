import { defineConfig } from 'vite';
import { budget } from './build/budget.ts';
import { serviceWorker } from './build/service-worker.ts';

const here = (path: string) => new URL(path, import.meta.url);

export default defineConfig({
  build: {
    outDir: '../../artifacts/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A data: URL would need a hole in the content security policy.
    assetsInlineLimit: 0,
    // What the page begins with in one file: each one more may cost a connection of its own.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } } },
  },
  plugins: [serviceWorker(here('build/service-worker.js'), here('public')), budget(70 * 1024)],
  // `npx vite web/app` beside a running server: the page reloads as it is edited.
  server: { proxy: { '/socket.io': { target: 'http://localhost:8080', ws: true } } },
});
