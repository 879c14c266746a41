/**
 * A GUID as the runtime lays it out: 16 bytes, the first three fields little-endian, the last eight bytes as they are read.
 * @throws RangeError when `text` is not 8-4-4-4-12 hexadecimal digits (braces allowed)
 */
export function guidToBytes(text: string): Uint8Array {
  const digits = text.replace(/^\{|\}$/g, '');
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(digits)) throw new RangeError(`not a GUID: ${text}`);
  const bytes = Buffer.from(digits.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes;
}

/** The text of 16 GUID bytes, lower case, without braces. */
export function guidFromBytes(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError(`a GUID has 16 bytes, not ${bytes.length}`);
  const ordered = Buffer.from(bytes);
  ordered.subarray(0, 4).reverse();
  ordered.subarray(4, 6).reverse();
  ordered.subarray(6, 8).reverse();
  return ordered.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';
