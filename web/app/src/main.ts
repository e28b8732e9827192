import './app.ts';
import { loadText } from './text/text.ts';

await loadText();
document.body.prepend(document.createElement('parley-app'));

// Once the page is there: it can wait. While the page is being written, it would stand in the way.
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // A browser that refuses (private windows do) has the page all the same.
  const register = () => void navigator.serviceWorker.register('/sw.js').catch(() => {});
  if (document.readyState === 'complete') register();
  else addEventListener('load', register);
}
