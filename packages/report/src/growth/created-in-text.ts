import { type CreatedIn, type CreatingPlace, shownMethod } from '@firstchance/model';
import { frameSource } from '../text/frames.ts';
import { harmless } from '../text/harmless.ts';

/** "created in Shop.Catalog.Subscribe (Catalog.cs:42, 44) or Shop.Catalog.Renew (Catalog.cs:57)" */
export function createdInText({ places, of, sure }: CreatedIn): string {
  const among = of > places.length ? `, of ${of} places in the program` : '';
  return `${createdInTitle({ sure })} ${placesText(places)}${among}`;
}

/** A method that makes it in several lines is named once. */
function placesText(places: readonly CreatingPlace[]): string {
  const methods = new Map<string, { readonly place: CreatingPlace; readonly lines: Set<number | null> }>();
  for (const place of places) {
    const key = [place.method, place.file, place.calls].join('\0');
    const same = methods.get(key);
    if (same) same.lines.add(place.line);
    else methods.set(key, { place, lines: new Set([place.line]) });
  }
  const others = (lines: Set<number | null>) => [...lines].slice(1).filter((line) => line !== null);
  return [...methods.values()].map(({ place, lines }) => placeText(place, others(lines))).join(' or ');
}

export function createdInTitle({ sure }: Pick<CreatedIn, 'sure'>): string {
  return sure ? 'created in' : 'perhaps created in';
}

/** "Shop.Catalog.Subscribe (Catalog.cs:42)", of a delegate "… for Shop.Catalog.OnPrice". */
export function placeText({ method, file, line, calls }: CreatingPlace, lines: readonly number[] = []): string {
  const source = [frameSource({ file, line }), ...lines].join(', ');
  return `${harmless(shownMethod(method))}${source === '' ? '' : ` (${harmless(source)})`}${calls === undefined ? '' : ` for ${harmless(shownMethod(calls))}`}`;
}
