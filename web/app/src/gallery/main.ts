import '../app.ts';
import { answerOtherTabs } from '@parley/client/other-tab';
import { RoomPage } from '../call/room-page.ts';
import { loadText } from '../text/text.ts';
import { FakeCall } from './fake-call.ts';
import { scenes } from './scenes.ts';

await loadText();

// /gallery.html lists every screen; /gallery.html?waiting shows one of them.
const room = '7k3qm-x0v2d-9hbtc-4wzrf';

const name = location.search.slice(1);
const scene = scenes[name];
if (scene) {
  RoomPage.makeCall = () => new FakeCall(scene);
  if (scene.otherTab) answerOtherTabs(room, () => '{}');
  history.replaceState(null, '', scene.address ?? `/r/${room}`);
  document.body.append(document.createElement('parley-app'));
} else {
  const list = document.createElement('ul');
  for (const screen of Object.keys(scenes)) {
    const link = document.createElement('a');
    link.href = `?${screen}`;
    link.textContent = screen;
    list.appendChild(document.createElement('li')).append(link);
  }
  document.body.append(list);
}
