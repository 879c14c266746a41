/** An id comes from a file that may be anybody's: as a name it must not lead out of its folder. */
export function isPlainName(id: string): boolean {
  return /^[A-Za-z0-9_.-]+$/.test(id) && !/^\.+$/.test(id);
}
