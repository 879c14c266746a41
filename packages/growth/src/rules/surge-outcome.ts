/** What many times the operations showed of a suspect. */
export type SurgeOutcome =
  | { readonly kind: 'grows'; readonly rate: number; readonly why: string }
  | { readonly kind: 'limit'; readonly why: string }
  | { readonly kind: 'unclear'; readonly why: string };

/** It goes on, with these reservations. */
export const PART = 'a part of it met a limit, the rest goes on';
export const ENDLESS = 'it slows down but does not end';

export const ENDS: SurgeOutcome = { kind: 'limit', why: 'it slows down as what is chosen among a limited number does' };
export const OPEN: SurgeOutcome = {
  kind: 'unclear',
  why: 'it slows down, and whether it ends was not seen (--surge COUNT goes on)',
};

export const SPOILED: SurgeOutcome = {
  kind: 'unclear',
  why: 'memory was freed during the large doses, and whether what grew was among it was not seen (--surge COUNT goes on)',
};
