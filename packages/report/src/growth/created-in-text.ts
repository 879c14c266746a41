import { type CreatedIn, type CreatingPlace, shownMethod } from '@firstchance/model';
import { frameSource } from '../text/frames.ts';
import { harmless } from '../text/harmless.ts';

/** "created in Shop.Catalog.Subscribe (Catalog.cs:42) or Shop.Catalog.Renew (Catalog.cs:57)" */
export function createdInText({ places, of, sure }: CreatedIn): string {
  const among = of > places.length ? `, of ${of} places in the program` : '';
  return `${createdInTitle({ sure })} ${places.map(placeText).join(' or ')}${among}`;
}

export function createdInTitle({ sure }: Pick<CreatedIn, 'sure'>): string {
  return sure ? 'created in' : 'perhaps created in';
}

/** "Shop.Catalog.Subscribe (Catalog.cs:42)", of a delegate "… for Shop.Catalog.OnPrice". */
export function placeText({ method, file, line, calls }: CreatingPlace): string {
  const source = frameSource({ file, line });
  return `${harmless(shownMethod(method))}${source === '' ? '' : ` (${harmless(source)})`}${calls === undefined ? '' : ` for ${harmless(shownMethod(calls))}`}`;
}
