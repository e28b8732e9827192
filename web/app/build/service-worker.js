// Keeps the page's own files, so that it opens at once and without a network; what people say never passes through here.
// The build fills in the two constants.
const version = 'VERSION';
const files = 'FILES'.split(' ');

addEventListener('install', (event) => {
  event.waitUntil(caches.open(version).then((cache) => cache.addAll(files)));
});

// Becomes active when no page of the version before is open any more: a call that runs keeps its files.
addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== version).map((name) => caches.delete(name))),
      ),
  );
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  // The page comes from the server while there is one, so that a new version is seen at once.
  if (request.mode === 'navigate' && (pathname === '/' || pathname.startsWith('/r/')))
    event.respondWith(fetch(request).catch(() => caches.match('/')));
  else if (files.includes(pathname))
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

// A tap on a call from the page brings it up, in whichever window it is.
addEventListener('notificationclick', (event) => {
  const { notification } = event;
  notification.close();
  event.waitUntil(
    clients
      .matchAll({ type: 'window', includeUncontrolled: true })
      .then((pages) => pages.find(({ url }) => url === notification.data)?.focus()),
  );
});
