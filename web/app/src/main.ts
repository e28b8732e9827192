import './app.ts';
import { loadText } from './text/text.ts';

await loadText();
document.body.prepend(document.createElement('parley-app'));
