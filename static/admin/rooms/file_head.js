// Lives here: reading the first bytes of a chosen file, which on phones may be far away, or gone.
// Not here: what they mean (checks.js, shrink_plan.js).

// A photo that lies in a cloud is fetched first: nobody waits for that only to hear what kind it is.
const PATIENCE_MS = 3000;

/** At most `bytes` of them; null where the file cannot be read. */
export function readHead(file, bytes) {
  return file.slice(0, bytes).arrayBuffer().then((buffer) => new Uint8Array(buffer), () => null);
}

/** As `readHead`, but null too where it takes too long. */
export function glanceAtHead(file, bytes) {
  const tooLong = new Promise((resolve) => { setTimeout(() => resolve(null), PATIENCE_MS); });
  return Promise.race([readHead(file, bytes), tooLong]);
}
