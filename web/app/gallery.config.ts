import { defineConfig } from 'vite';

/** Every screen of the page with a call that stands still: for tests that look at all of them, and for pictures. */
export default defineConfig({
  build: {
    outDir: '../../artifacts/gallery',
    emptyOutDir: true,
    target: 'es2022',
    rollupOptions: { input: 'app/gallery.html' },
  },
});
