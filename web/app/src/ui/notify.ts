/** Asks for the leave to call the person back from elsewhere: by a tap of theirs. Whoever says no has the sound and the title. */
export async function askToNotify(): Promise<void> {
  if ('Notification' in window && Notification.permission === 'default')
    await Notification.requestPermission();
}

/** Calls the person back from another tab or program, where that was allowed. A tap on it brings this page up. */
export async function notify(title: string, body = ''): Promise<void> {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const { href } = location;
  const options = { body, icon: '/icon-192.png', tag: href, data: href };
  // Phones know no others than those of a service worker.
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker?.active) return worker.showNotification(title, options);
  const shown = new Notification(title, options);
  shown.onclick = () => focus();
}
