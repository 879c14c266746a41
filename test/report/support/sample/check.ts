import type { GrowthCheck, Verdict } from '../../../../packages/model/src/index.ts';

const VERDICTS: readonly Verdict[] = ['LEAK', 'GROWS_WHILE_IDLE', 'INCONCLUSIVE', 'INFRASTRUCTURE_ERROR'];

export function check(number: number, next: () => number): GrowthCheck & { id: string } {
  const verdict: Verdict = number < 4 ? (VERDICTS[number] ?? 'PASS') : number % 25 === 0 ? 'LEAK' : 'PASS';
  const grows = verdict === 'LEAK';
  const doses = [
    ...[5, 20, 40, 60, 80, 100],
    ...Array.from({ length: 15 }, () => [0, 100, 200][Math.floor(next() * 3)] ?? 0),
    0,
    100,
    800,
  ];
  let sessions = 100;
  const rounds = doses.map((dose, index) => {
    sessions += grows ? dose : 0;
    const noise = () => Math.round(next() * 20_000);
    return {
      ...{
        index,
        phase:
          index < 6
            ? ('warm-up' as const)
            : index < 21
              ? ('measure' as const)
              : index < 23
                ? ('idle' as const)
                : ('surge' as const),
      },
      ...{ dose, durationMs: 20 + dose * 0.4 + next() * 9, pauseMs: 3 + next() * 3 },
      channels: {
        ...{
          instances: 21_000 + sessions * 3 + Math.round(next() * 4),
          managedBytes: 2_100_000 + sessions * 340 + noise(),
        },
        ...{
          mallocBytes: 5_400_000 + noise(),
          mappedBytes: 88_000_000,
          handles: 212,
          threads: 14,
          fileDescriptors: 61,
          sockets: 2,
          mappings: 480,
          residentBytes: 96_000_000 + sessions * 400 + noise() * 9,
        },
        privateBytes: {
          gcHeap: 8_400_000 + sessions * 350,
          loader: 11_000_000,
          jit: 6_200_000 + noise(),
          malloc: 9_800_000 + noise(),
          stacks: 2_100_000,
          other: 700_000,
        },
      },
    };
  });
  const growth = {
    ...{
      channel: 'instances',
      type: 'Shop.Session',
      module: 'Shop.dll',
      perOperation: 1,
      bytesPerOperation: 340,
      low: 0.98,
      high: 1.02,
    },
    container: 'System.Collections.Generic.List<Shop.Session>',
    path: [
      'static Shop.SessionStore.s_sessions',
      'System.Collections.Generic.List<Shop.Session>',
      'Shop.Session[]',
      'Shop.Session',
    ],
    owner: [
      'Shop.SessionStore.Open(System.String)',
      'Shop.Login+<SignInAsync>d__3.MoveNext()',
      'Shop.Tests.LoginTests.Sign_in()',
    ],
    ...{
      pattern: 'static-collection',
      fingerprint: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  };
  const bytes = {
    channel: 'managedBytes',
    perOperation: 342,
    low: 330,
    high: 351,
    fingerprint: 'e3b0c44298fc1c149afbf4c8996fb924',
    path: growth.path,
  };
  const cache = {
    ...growth,
    type: 'Shop.Caching.Entry',
    perOperation: 0.2,
    low: 0.1,
    high: 0.3,
    bytesPerOperation: 96,
    why: 'cache reached its limit of 500 entries in the surge',
    container: 'Shop.Caching.Cache',
    path: ['static Shop.Prices.s_cache', 'Shop.Caching.Cache', 'Shop.Caching.Entry'],
  };
  const reasons: Readonly<Record<Verdict, string>> = {
    PASS: 'nothing grew with the operations in 15 rounds',
    LEAK: 'Shop.Session grew by 1.00 per operation, also in the surge, and did not fall while idle',
    GROWS_WHILE_IDLE: 'malloc grew by 1.2 MB per minute without operations',
    INCONCLUSIVE: 'managed bytes vary by more than the 24 rounds allow to tell from growth',
    INFRASTRUCTURE_ERROR: 'the target ended with exit code 134 in round 7',
  };
  return {
    id: `GET /orders/${number}`,
    ...{
      schema: 1,
      verdict,
      reason: reasons[verdict],
      mode: number % 2 === 0 ? 'quick' : 'thorough',
      operations: doses.reduce((sum, dose) => sum + dose, 0),
      seed: 42 + number,
      rounds,
    },
    ...{ growth: grows ? [growth, bytes] : [], harmless: number % 5 === 0 ? [cache] : [] },
    minimumDetectable: {
      instancesPerOperation: 0.05,
      managedBytesPerOperation: 24,
      nativeBytesPerOperation: number % 2 === 0 ? null : 130,
    },
  };
}
