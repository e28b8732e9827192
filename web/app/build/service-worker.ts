import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** Writes sw.js: the service worker, told the files of this build and a version that changes with them. */
export function serviceWorker(source: URL, publicFolder: URL): Plugin {
  return {
    name: 'parley-service-worker',
    // After the page has been written, which takes the place of a chunk that would only load another.
    enforce: 'post',
    generateBundle(_, bundle) {
      const built = Object.keys(bundle).filter((name) => name !== 'index.html');
      const files = [...built, ...readdirSync(publicFolder)].map((name) => `/${name}`).sort();
      const contents = Object.values(bundle).map((item) => (item.type === 'chunk' ? item.code : item.source));
      const version = createHash('sha256')
        .update(files.join())
        .update(contents.join())
        .digest('hex')
        .slice(0, 12);
      const code = readFileSync(source, 'utf8')
        .replace("'VERSION'", JSON.stringify(version))
        .replace("'FILES'", JSON.stringify(['/', ...files].join(' ')));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: code });
    },
  };
}
