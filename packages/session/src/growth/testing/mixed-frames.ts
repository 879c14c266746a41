import type { AllocationFrame } from '@firstchance/engine';

/** "libz.so.1!inflate Shop.Open System.Run": a name with "!" is native code, "System." is the platform's. */
export function mixed(text: string): AllocationFrame[] {
  return text.split(' ').map((one) => {
    const [library, symbol] = one.split('!');
    if (symbol !== undefined) return { method: symbol, modulePath: `/usr/lib/${library}`, token: 0, ilOffset: null };
    const module = one.startsWith('System.') ? 'System.Private.CoreLib.dll' : 'Shop.dll';
    const token = 0x06000000 + [...one].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 0xff_ffff, 0);
    return { method: one, modulePath: `/app/${module}`, token, ilOffset: 0 };
  });
}
