import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Fails the build when what a person loads before the first picture is more than the budget: page, style, code. */
export function budget(bytes: number): Plugin {
  return {
    name: 'parley-budget',
    generateBundle(_, bundle) {
      const first = new Set<string>();
      const follow = (name: string) => {
        const chunk = bundle[name];
        if (first.has(name) || chunk?.type !== 'chunk') return;
        first.add(name);
        chunk.imports.forEach(follow);
      };
      for (const item of Object.values(bundle)) {
        if (item.type === 'chunk' ? item.isEntry : /\.(css|html)$/.test(item.fileName)) {
          if (item.type === 'chunk') follow(item.fileName);
          else first.add(item.fileName);
        }
      }
      const size = [...first].reduce((sum, name) => {
        const item = bundle[name];
        return sum + gzipSync(item?.type === 'chunk' ? item.code : (item?.source ?? ''), { level: 9 }).length;
      }, 0);
      const words = `The page: ${(size / 1024).toFixed(1)} KB gzip of ${bytes / 1024} KB before lazy parts`;
      if (size > bytes) this.error(`${words}: too much`);
      this.info(words);
    },
  };
}
