/** Version of the protocol: client and server must be of the same. */
export const PROTOCOL = 1;
