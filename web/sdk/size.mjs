// What a page pays for the SDK before its lazy parts, socket.io-client included: fails beyond the budget of the design.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const budgetBytes = 30 * 1024;

const result = await build({
  configFile: false,
  logLevel: 'error',
  plugins: [
    {
      // Loading parts is the bundler's business, and what it adds for that is not the SDK's.
      name: 'plain-imports',
      enforce: 'pre',
      load: (id) =>
        id.includes('vite/preload-helper') ? 'export const __vitePreload = (load) => load()' : null,
    },
  ],
  build: {
    write: false,
    target: 'es2022',
    rollupOptions: {
      input: fileURLToPath(new URL('src/index.ts', import.meta.url)),
      preserveEntrySignatures: 'strict',
      // Without hashes, or a change of a lazy part would change the size of the first.
      output: { chunkFileNames: '[name].js' },
    },
    modulePreload: { polyfill: false },
  },
});
const first = new Set();
const follow = (chunk) => {
  if (!chunk || first.has(chunk)) return;
  first.add(chunk);
  for (const name of chunk.imports) follow(result.output.find(({ fileName }) => fileName === name));
};
follow(result.output.find(({ isEntry }) => isEntry));
const code = [...first].map((chunk) => chunk.code).join('');
const bytes = gzipSync(code, { level: 9 }).length;
const summary = `SDK: ${(bytes / 1024).toFixed(1)} KB gzip of ${budgetBytes / 1024} KB`;
if (bytes > budgetBytes || !code.includes('RTCPeerConnection')) {
  console.error(`${summary}: ${bytes > budgetBytes ? 'too much' : 'something is missing from the bundle'}`);
  process.exit(1);
}
console.log(summary);
