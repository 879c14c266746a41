import type { Growth } from '@firstchance/model';
import { createdInTitle } from '../growth/created-in-text.ts';
import { hasOwnCode } from '../growth/own-owner.ts';
import { frameSource } from '../text/frames.ts';
import { harmless } from '../text/harmless.ts';
import { limit } from '../text/limit.ts';
import type { PageCreatedIn } from './page-data.ts';

const MOST_PLACES = 10;

/** What creates a type, where no frames were sampled, which say more. */
export function pageCreatedIn({ createdIn, owner = [] }: Growth): PageCreatedIn | null {
  if (!createdIn || hasOwnCode(owner)) return null;
  const { places, of } = createdIn;
  return {
    ...{ title: createdInTitle(createdIn), of },
    places: places
      .slice(0, MOST_PLACES)
      .map((place) => [line(place.method), line(frameSource(place)), line(place.calls ?? '')]),
  };
}

function line(text: string): string {
  return limit(harmless(text), 600);
}
