// Keeps the shell on the device, so that the pages open without network and at once with a bad one. Never keeps anything the
// API says: what a person may see offline is kept by the page itself, and forgotten when they sign out.
const version = '__VERSION__'
const shell = __SHELL__

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(version)
      .then((cache) => cache.addAll(shell))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== version).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  )
})

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin || url.pathname.startsWith('/api/')) return
  if (event.request.mode === 'navigate') {
    // The page and its scripts come from one build, together: the kept one is complete, and opens without waiting for anybody.
    // A newer build is fetched by the browser's own look at this file, and is there the next time.
    if (!url.pathname.includes('.')) event.respondWith(caches.match('/').then((kept) => kept ?? fetch(event.request)))
    return
  }
  if (!url.pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)))
    return
  }
  event.respondWith(
    caches.match(event.request).then(
      (kept) =>
        kept ??
        fetch(event.request).then((response) => {
          if (response.ok) {
            const copy = response.clone()
            void caches.open(version).then((cache) => cache.put(event.request, copy))
          }
          return response
        }),
    ),
  )
})
