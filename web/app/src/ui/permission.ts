const devices = ['camera', 'microphone'];

/** Whether this page may use a camera or a microphone without the browser asking the person. */
export async function devicesAllowed(): Promise<boolean> {
  return (await Promise.all(devices.map(stateOf))).includes('granted');
}

/** Calls back when the person allows a device in the browser's own settings; the result ends it. */
export function onDevicesAllowed(listener: () => void): () => void {
  const ended = new AbortController();
  for (const name of devices)
    void permission(name).then((status) =>
      status?.addEventListener('change', () => status.state === 'granted' && listener(), {
        signal: ended.signal,
      }),
    );
  return () => ended.abort();
}

/** Whether the browser keeps this page from addresses in the local network, which costs a call the shortest way. */
export async function localNetworkBlocked(): Promise<boolean> {
  // Two names, as Chromium has changed it; browsers without the restriction know neither.
  const states = await Promise.all(['local-network', 'local-network-access'].map(stateOf));
  return states.includes('denied');
}

const stateOf = async (name: string) => (await permission(name))?.state;

async function permission(name: string): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: name as PermissionName });
  } catch {
    // Browsers without this permission name, and pages without navigator.permissions: nobody knows.
    return null;
  }
}
