/** Whether this page may use a camera or a microphone without the browser asking the person. */
export async function devicesAllowed(): Promise<boolean> {
  const states = await Promise.all(['camera', 'microphone'].map(permission));
  return states.includes('granted');
}

async function permission(name: string): Promise<PermissionState | 'unknown'> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state;
  } catch {
    // Browsers without this permission name, and pages without navigator.permissions: nobody knows, so we ask.
    return 'unknown';
  }
}
