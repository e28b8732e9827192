import { version } from '@parley/client';

document.body.textContent = `Parley ${version}`;
