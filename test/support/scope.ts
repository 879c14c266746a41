/** All combinations are asked for (npm run test:matrix), not each kind once. */
export const inMatrix = process.env.FIRSTCHANCE_SCOPE === 'matrix';
